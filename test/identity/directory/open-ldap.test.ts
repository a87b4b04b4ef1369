import { describe, expect, test } from 'vitest'
import type { OpenLdapSettings } from '../../../src/identity/directory/directory-settings.ts'
import { directoryOf, ldapSettings } from './directory-of.ts'
import { base, type FakeEntry } from './fake-entries.ts'
import { fakeLdapServer, type FakeLdapOptions } from './fake-ldap-server.ts'
import { matching } from '../../support/matching.ts'

const uuid = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0'
const service: FakeEntry = { dn: `cn=svc,${base}`, password: 'service', attributes: {} }
const typed = { name: 'alice', password: 'right' }

function person(uid: string, more: FakeEntry['attributes'] = {}): FakeEntry {
  return {
    dn: `uid=${uid},ou=people,${base}`,
    password: 'right',
    attributes: {
      objectClass: ['inetOrgPerson', 'person'],
      entryUUID: [uuid.toUpperCase()],
      uid: [uid],
      cn: ['Alice Anders', 'Alice'],
      ...more,
    },
  }
}

function group(cn: string, attributes: FakeEntry['attributes'] = {}): FakeEntry {
  return { dn: `cn=${cn},ou=groups,${base}`, attributes }
}

const dnOf = (cn: string): string => group(cn).dn

async function signIn(
  entries: readonly FakeEntry[],
  settings: Partial<OpenLdapSettings> = {},
  options: FakeLdapOptions = {},
) {
  const server = await fakeLdapServer({ entries: [service, ...entries], ...options })
  const directory = directoryOf({ ...ldapSettings, urls: [server.url], ...settings })
  return { server, identity: directory.verify(typed), directory }
}

describe('a sign-in with a plain directory', () => {
  test('is whoever the entry says', async () => {
    const { identity } = await signIn([person('alice', { mail: ['alice@corp.example'] })])
    expect(await identity).toMatchObject({
      person: { people: 'staff', id: uuid },
      name: 'alice',
      displayName: 'Alice Anders',
      email: 'alice@corp.example',
      groups: [],
    })
  })

  test('counts the groups of memberOf, nested and in a circle, each once', async () => {
    const { identity } = await signIn([
      person('alice', { memberOf: [dnOf('Dev, Köln'), dnOf('loop')] }),
      group('Dev, Köln', { memberOf: [dnOf('all')] }),
      group('all'),
      group('loop', { memberOf: [dnOf('pool')] }),
      group('pool', { memberOf: [dnOf('LOOP'), dnOf('all')] }),
    ])
    expect((await identity).groups).toEqual(['Dev, Köln', 'loop', 'all', 'pool'].map(dnOf))
  })

  test('counts the groups that name members in any of the usual ways, and theirs in turn', async () => {
    const alice = person('alice', { gidNumber: ['100'] })
    const { identity } = await signIn(
      [
        alice,
        group('by-dn', { member: [alice.dn] }),
        group('by-unique-dn', { uniqueMember: [alice.dn] }),
        group('by-uid', { objectClass: ['posixGroup'], memberUid: ['alice'] }),
        group('primary', { objectClass: ['posixGroup'], gidNumber: ['100'] }),
        group('above', { member: [dnOf('by-dn'), dnOf('above')] }),
        group('not-posix', { memberUid: ['alice'], gidNumber: ['100'] }),
        group('others', { member: [person('bob').dn], memberUid: ['bob'] }),
        { dn: `cn=outside,${base}`, attributes: { member: [alice.dn] } },
      ],
      { groups: { from: 'members', baseDn: `ou=groups,${base}` } },
    )
    const names = ['by-dn', 'by-unique-dn', 'by-uid', 'primary', 'above']
    expect(new Set((await identity).groups)).toEqual(new Set(names.map(dnOf)))
  })

  test('refuses more groups than anybody has', async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => dnOf(`g${index}`))
    const { identity } = await signIn([person('alice', { memberOf: many })])
    await expect(identity).rejects.toMatchObject({ refusal: 'directory_groups' })
  })

  test.each([
    ['locked for a while', { pwdAccountLockedTime: ['20261120095500Z'] }, 'directory_locked'],
    ['locked for good', { pwdAccountLockedTime: ['000001010000Z'] }, 'directory_disabled'],
    ['locked by 389 Directory Server', { nsAccountLock: ['true'] }, 'directory_disabled'],
    ['to change the password', { pwdReset: ['TRUE'] }, 'directory_password_expired'],
    ['without entryUUID', { entryUUID: [] }, 'directory_entry'],
    ['with two uids', { uid: ['alice', 'admin'] }, 'directory_entry'],
    ['no person', { objectClass: ['organizationalUnit'] }, 'directory_no_such_person'],
  ])('refuses an account %s', async (_, attributes, refusal) => {
    const { identity } = await signIn([person('alice', attributes)])
    await expect(identity).rejects.toMatchObject({ refusal })
  })

  test('says what the directory refused with, where it gives no sub-code', async () => {
    const inactive = { code: 53, message: 'Account inactivated' }
    const { identity } = await signIn(
      [person('alice')],
      {},
      {
        bind: (name) => (name.startsWith('uid=') ? inactive : undefined),
      },
    )
    await expect(identity).rejects.toMatchObject({
      refusal: 'directory_bind',
      detail: matching(/Result 53/),
      message: 'That name and password don’t match.',
    })
  })

  test('looks people up by ID, mail and name, and knows no SID', async () => {
    const { directory, identity } = await signIn([person('alice', { mail: ['a@corp.example'] })])
    await identity
    for (const key of [
      { by: 'id', id: uuid },
      { by: 'mail', mail: 'a@corp.example' },
      { by: 'name', account: 'alice', principal: undefined },
    ] as const) {
      expect((await directory.lookUp(key, { proof: 'certificate' })).account).toBe('alice')
    }
    const bySid = directory.lookUp({ by: 'sid', sid: 'S-1-5-18' }, { proof: 'certificate' })
    await expect(bySid).rejects.toMatchObject({ refusal: 'directory_name_form' })
  })
})
