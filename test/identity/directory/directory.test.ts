import { describe, expect, test } from 'vitest'
import { now } from './directory-of.ts'
import {
  base,
  bytesOfSid,
  guids,
  windowsGroup,
  windowsPerson,
  windowsDomain,
} from './fake-entries.ts'
import type { FakeLdapOptions } from './fake-ldap-server.ts'
import { alice, refusalOf, served } from './served-directory.ts'

describe('a sign-in with Active Directory', () => {
  test('is whoever the entry says, whatever was typed', async () => {
    const more = { displayName: ['Alice Anders'], mail: ['alice@corp.example'], title: ['Pilot'] }
    const { directory } = await served(
      { entries: [windowsPerson('alice', more), ...windowsDomain()] },
      { attributes: ['title', 'department'] },
    )
    expect(await directory.verify({ name: ' CORP\\ALICE ', password: 'right' })).toEqual({
      person: { people: 'staff', id: guids.alice },
      name: 'alice',
      displayName: 'Alice Anders',
      email: 'alice@corp.example',
      method: 'ad',
      methodLabel: 'Windows',
      groups: ['S-1-5-21-1-2-3-513', 'S-1-5-21-1-2-3-1110'],
      attributes: { title: ['Pilot'] },
      authenticatedAt: now.getTime(),
      breakGlass: false,
    })
  })

  test('proves the password by a bind as the entry, and reads as the service account', async () => {
    const { server, directory } = await served()
    await directory.verify({ name: 'alice', password: 'right' })
    expect(server.binds.map(({ name }) => name)).toEqual([
      'svc@corp.example',
      alice.dn,
      'svc@corp.example',
    ])
    expect(new Set(server.searches.map(({ boundAs }) => boundAs))).toEqual(
      new Set(['svc@corp.example']),
    )
  })

  test('closes its connection, when it succeeds and when it does not', async () => {
    const { server, directory } = await served()
    await directory.verify({ name: 'alice', password: 'right' })
    await refusalOf(directory.verify({ name: 'alice', password: 'wrong' }))
    await expect.poll(() => server.connections.size).toBe(0)
    expect(server.accepted).toBe(2)
  })

  test('gives the groups by DN where that is wanted, without those that are elsewhere', async () => {
    const groups = [windowsGroup('Domain Users', '513'), windowsGroup('Ops, Köln', '1110')]
    const rids = ['513', '1110', 'S-1-5-21-9-9-9-1200'].map(bytesOfSid)
    const person = windowsPerson('alice', { tokenGroups: rids })
    const { directory } = await served(
      { entries: [person, ...groups, ...windowsDomain()] },
      { groups: { as: 'dn' }, baseDn: `OU=People,${base}` },
    )
    const { groups: found } = await directory.verify({ name: 'alice', password: 'right' })
    expect(found).toEqual(groups.map(({ dn }) => dn))
  })

  test('resolves more groups than one page or one filter holds', async () => {
    // In bytes that are digits and signs: the fake compares text, without case.
    const rids = Array.from({ length: 230 }, (_, index) =>
      String(2_080 + 256 * Math.floor(index / 32) + (index % 32)),
    )
    const person = windowsPerson('alice', { tokenGroups: rids.map(bytesOfSid) })
    const groups = rids.map((rid) => windowsGroup(`g${rid}`, rid))
    const { directory } = await served(
      { entries: [person, ...groups, ...windowsDomain()], pageSize: 30 },
      { groups: { as: 'dn' } },
    )
    const { groups: found } = await directory.verify({ name: 'alice', password: 'right' })
    expect(found).toHaveLength(230)
  })
})

describe('what no bind may see', () => {
  const trap: FakeLdapOptions = {
    bind: (_name, password) => (password.trim() === '' ? { code: 0 } : undefined),
  }
  const inputs = [
    ['an empty password', 'alice', ''],
    ['a blank password', 'alice', ' \t '],
    ['an empty name', '', 'right'],
    ['a blank name', '  ', 'right'],
    ['NUL in the name', 'alice\0', 'right'],
    ['NUL in the password', 'alice', 'right\0'],
    ['a line break in the name', 'ali\nce', 'right'],
    ['an endless name', 'a'.repeat(2_000), 'right'],
    ['an endless password', 'alice', 'a'.repeat(2_000)],
  ] as const
  test.each(inputs)('%s is refused before anything is asked', async (_, name, password) => {
    const { server, directory } = await served(trap)
    const refusal = await refusalOf(directory.verify({ name, password }))
    expect(refusal.refusal).toBe('directory_input')
    expect(server.accepted).toBe(0)
  })

  test('a directory that takes an empty password is never given one by a service account either', async () => {
    const bind = {
      kind: 'service-account',
      name: 'svc@corp.example',
      password: { reveal: () => '' },
    } as const
    const { server, directory } = await served(trap, { bind })
    await expect(directory.verify({ name: 'alice', password: 'right' })).rejects.toThrow(TypeError)
    expect(server.binds).toEqual([])
  })
})
