import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AccountThrottle,
  createAccountThrottle,
} from '../../src/identity/directory/account-throttle.ts'
import { createDirectory, type Directory } from '../../src/identity/directory/directory.ts'
import type { OpenLdapSettings } from '../../src/identity/directory/directory-settings.ts'
import {
  base,
  type OpenLdapServer,
  password,
  requireOpenLdap,
  startOpenLdap,
} from './openldap/open-ldap-server.ts'
import { memoryState } from './samba/memory-state.ts'

const runs = requireOpenLdap()
const unlimited: AccountThrottle = {
  admit: () => Promise.resolve(true),
  succeeded: () => Promise.resolve(),
}
let server: OpenLdapServer

beforeAll(async () => {
  if (runs) server = await startOpenLdap()
})

afterAll(async () => {
  if (runs) await server[Symbol.asyncDispose]()
})

function settings(): OpenLdapSettings {
  return {
    preset: 'openldap',
    id: 'ldap',
    label: 'Directory',
    people: 'staff',
    urls: [server.ldaps],
    startTls: false,
    ca: server.ca,
    bind: { kind: 'service-account', name: `cn=svc,${base}`, password: { reveal: () => password } },
    baseDn: `ou=people,${base}`,
    groups: { from: 'members', baseDn: `ou=groups,${base}` },
    attributes: ['employeeType'],
    timeouts: { connect: 3_000, answer: 5_000 },
  }
}

function directory(changed: Partial<OpenLdapSettings> = {}, throttle = unlimited): Directory {
  const effects = { now: () => new Date(), randomBytes, sleep: () => Promise.resolve() }
  return createDirectory({ settings: { ...settings(), ...changed }, throttle, effects })
}

const group = (cn: string): string => `cn=${cn},ou=groups,${base}`

describe('OpenLDAP admits', () => {
  test('alice, with every kind of group, nested and in a circle', async () => {
    const identity = await directory().verify({ name: 'ALICE', password })
    expect(identity).toMatchObject({
      name: 'alice',
      displayName: 'Alice Anders',
      email: 'alice@corp.example',
      attributes: { employeeType: ['pilot'] },
    })
    expect(identity.person.id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
    expect(identity.groups).toHaveLength(6)
    const names = ['above', 'circle', 'unique', 'by-uid', 'primary']
    for (const name of names) expect(identity.groups).toContain(group(name))
    expect(identity.groups.some((dn) => /^cn=Team\\(,|2C) K(ö|\\C3\\B6)ln,/i.test(dn))).toBe(true)
    const again = await directory().lookUp(
      { by: 'id', id: identity.person.id },
      { proof: 'ticket' },
    )
    expect(again.groups).toEqual(identity.groups)
  })

  test('alice with the memberOf that the directory keeps', async () => {
    const { groups } = await directory({ groups: { from: 'member-of' } }).verify({
      name: 'alice',
      password,
    })
    expect(groups).toContain(group('above'))
    expect(groups).toContain(group('circle'))
    // The overlay keeps it for groupOfNames alone.
    expect(groups).toHaveLength(3)
  })

  test('people whose DN needs escaping', async () => {
    const identity = await directory().verify({ name: 'zoë', password })
    expect(identity.name).toBe('zoë')
    expect(identity.groups).toHaveLength(3)
  })

  test('people over StartTLS', async () => {
    const plain = directory({ urls: [server.ldap], startTls: true })
    expect((await plain.verify({ name: 'alice', password })).name).toBe('alice')
  })
})

describe('OpenLDAP refuses', () => {
  test.each([
    ['a wrong password', 'alice', 'wrong', 'directory_password'],
    ['an account that is locked for good', 'locked', password, 'directory_password'],
    ['a password to be changed', 'reset', password, 'directory_password_expired'],
    ['a name that two have', 'twice', password, 'directory_ambiguous'],
    ['nobody', 'nobody', password, 'directory_no_such_person'],
    ['everybody', '*', password, 'directory_no_such_person'],
    ['the service account', 'svc', password, 'directory_no_such_person'],
    ['an empty password', 'alice', '', 'directory_input'],
  ])('%s', async (_, name, typed, refusal) => {
    const verified = directory().verify({ name, password: typed })
    await expect(verified).rejects.toMatchObject({
      refusal,
      message: 'That name and password don’t match.',
    })
  })

  test('a locked account that is looked up', async () => {
    const key = { by: 'name', account: 'locked', principal: undefined } as const
    const found = directory().lookUp(key, { proof: 'certificate' })
    await expect(found).rejects.toMatchObject({ refusal: 'directory_disabled' })
  })
})

test('nobody is locked out through Postern, in a directory that locks at 4', async () => {
  await using state = memoryState()
  const throttled = directory({}, createAccountThrottle(state.attempts, settings()))
  const refusals: unknown[] = []
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await throttled.verify({ name: 'throttled', password: 'wrong' }).catch((error: unknown) => {
      refusals.push(error)
    })
  }
  expect(refusals).toHaveLength(10)
  expect((await directory().verify({ name: 'throttled', password })).name).toBe('throttled')
})
