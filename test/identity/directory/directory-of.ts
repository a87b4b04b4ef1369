import { randomBytes } from 'node:crypto'
import type { Effects } from '../../../src/effects.ts'
import type { AccountThrottle } from '../../../src/identity/directory/account-throttle.ts'
import { createDirectory, type Directory } from '../../../src/identity/directory/directory.ts'
import type {
  ActiveDirectorySettings,
  OpenLdapSettings,
} from '../../../src/identity/directory/directory-settings.ts'
import { base } from './fake-entries.ts'
import { ca } from './fake-ldap-server.ts'

export const now = new Date('2026-11-20T10:00:00Z')

export interface CountedTries extends AccountThrottle {
  readonly admitted: string[]
  readonly forgotten: string[]
}

/** A throttle that admits everybody until told otherwise. */
export function countedTries(admits: (account: string) => boolean = () => true): CountedTries {
  const admitted: string[] = []
  const forgotten: string[] = []
  return {
    admitted,
    forgotten,
    admit(account) {
      admitted.push(account)
      return Promise.resolve(admits(account))
    },
    succeeded(account) {
      forgotten.push(account)
      return Promise.resolve()
    },
  }
}

const common = {
  id: 'ad',
  label: 'Windows',
  people: 'staff',
  startTls: false,
  ca: ca.certificatePem,
  baseDn: base,
  attributes: [],
  timeouts: { connect: 1_000, answer: 1_000 },
}

export const windowsSettings: ActiveDirectorySettings = {
  ...common,
  urls: [],
  preset: 'active-directory',
  bind: {
    kind: 'service-account',
    name: 'svc@corp.example',
    password: { reveal: () => 'service' },
  },
  realm: 'corp.example',
  netbiosDomain: 'CORP',
  groups: { as: 'sid' },
}

export const ldapSettings: OpenLdapSettings = {
  ...common,
  urls: [],
  preset: 'openldap',
  bind: { kind: 'service-account', name: `cn=svc,${base}`, password: { reveal: () => 'service' } },
  groups: { from: 'member-of' },
}

const atOnce: Effects['sleep'] = () => Promise.resolve()

/** A directory under test: a clock that the test holds, pauses that are over at once, and real randomness. */
export function directoryOf(
  settings: ActiveDirectorySettings | OpenLdapSettings,
  { throttle = countedTries(), clock = () => now, sleep = atOnce } = {},
): Directory {
  return createDirectory({ settings, throttle, effects: { now: clock, randomBytes, sleep } })
}
