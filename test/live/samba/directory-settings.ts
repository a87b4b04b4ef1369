import { randomBytes } from 'node:crypto'
import type { AccountThrottle } from '../../../src/identity/directory/account-throttle.ts'
import { createDirectory, type Directory } from '../../../src/identity/directory/directory.ts'
import type { ActiveDirectorySettings } from '../../../src/identity/directory/directory-settings.ts'
import { domain, type SambaDirectory } from './samba-directory.ts'

const unlimited: AccountThrottle = {
  admit: () => Promise.resolve(true),
  succeeded: () => Promise.resolve(),
}

/** The settings that suit the domain of the live tests. */
export function sambaSettings({ ca }: SambaDirectory): ActiveDirectorySettings {
  return {
    preset: 'active-directory',
    id: 'ad',
    label: 'Windows',
    people: 'staff',
    urls: ['ldaps://localhost'],
    startTls: false,
    ca,
    bind: {
      kind: 'service-account',
      name: 'svc-postern@corp.example.test',
      password: { reveal: () => domain.password },
    },
    realm: 'corp.example.test',
    netbiosDomain: domain.netbios,
    baseDn: domain.people,
    groups: { as: 'dn' },
    attributes: [],
    timeouts: { connect: 3_000, answer: 5_000 },
  }
}

/** Sign-in with the domain of the live tests, at the real time, without pauses, and without a throttle unless one is given. */
export function sambaSignIn(
  samba: SambaDirectory,
  changed: Partial<ActiveDirectorySettings> = {},
  throttle = unlimited,
): Directory {
  return createDirectory({
    settings: { ...sambaSettings(samba), ...changed },
    throttle,
    effects: { now: () => new Date(), randomBytes, sleep: () => Promise.resolve() },
  })
}
