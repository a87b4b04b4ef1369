import { describe, expect, test } from 'vitest'
import type { Directory } from '../../../src/identity/directory/directory.ts'
import { DirectoryRefusal } from '../../../src/identity/directory/directory-fault.ts'
import type { ActiveDirectorySettings } from '../../../src/identity/directory/directory-settings.ts'
import { countedTries, directoryOf, now, windowsSettings } from './directory-of.ts'
import {
  base,
  bytesOfSid,
  guids,
  windowsDomain,
  windowsGroup,
  windowsPerson,
} from './fake-entries.ts'
import type { FakeDirectory } from './fake-directory.ts'
import { fakeLdapServer, type FakeLdapOptions } from './fake-ldap-server.ts'
import { windowsMessage } from './ldap-wire.ts'

const alice = windowsPerson('alice')

async function served(
  options: FakeLdapOptions = {},
  settings: Partial<ActiveDirectorySettings> = {},
  held: Parameters<typeof directoryOf>[1] = {},
): Promise<{ server: FakeDirectory; directory: Directory }> {
  const server = await fakeLdapServer({ entries: [alice, ...windowsDomain()], ...options })
  const directory = directoryOf({ ...windowsSettings, urls: [server.url], ...settings }, held)
  return { server, directory }
}

async function refusalOf(work: Promise<unknown>): Promise<DirectoryRefusal> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DirectoryRefusal)) throw new Error(`no refusal: ${String(error)}`)
  return error
}

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

describe('who is refused', () => {
  test.each([
    ['525', 'directory_password'],
    ['52e', 'directory_password'],
    ['530', 'directory_bind'],
    ['531', 'directory_bind'],
    ['532', 'directory_password_expired'],
    ['533', 'directory_disabled'],
    ['701', 'directory_expired'],
    ['773', 'directory_password_expired'],
    ['775', 'directory_locked'],
    ['999', 'directory_password'],
  ])('a bind that is refused with %s is %s in the log alone', async (subCode, code) => {
    const { directory } = await served({
      bind: (name) =>
        name === alice.dn ? { code: 49, message: windowsMessage(subCode) } : undefined,
    })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe(code)
    expect(refusal.detail).toContain(`data ${subCode}`)
    expect(refusal.account).toBe('alice')
    expect(refusal.message).toBe('That name and password don’t match.')
  })

  test.each([
    ['a disabled account', { userAccountControl: ['514'] }, 'directory_disabled'],
    ['a locked one', { 'msDS-User-Account-Control-Computed': ['16'] }, 'directory_locked'],
    [
      'an expired password',
      { 'msDS-User-Account-Control-Computed': ['8388608'] },
      'directory_password_expired',
    ],
    ['an expired account', { accountExpires: ['133000000000000000'] }, 'directory_expired'],
    ['a state that can’t be read', { 'msDS-User-Account-Control-Computed': [] }, 'directory_state'],
    ['a state of nonsense', { userAccountControl: ['enabled'] }, 'directory_state'],
    ['no tokenGroups', { tokenGroups: [] }, 'directory_groups'],
    ['a broken tokenGroups', { tokenGroups: [Buffer.from([1, 9])] }, 'directory_groups'],
    ['two values of sAMAccountName', { sAMAccountName: ['alice', 'b'] }, 'directory_entry'],
    ['no objectGUID', { objectGUID: [] }, 'directory_entry'],
    ['an objectGUID of 15 bytes', { objectGUID: [Buffer.alloc(15, 200)] }, 'directory_entry'],
  ])('%s, although the password is right', async (_, attributes, code) => {
    const { directory } = await served({
      entries: [windowsPerson('alice', attributes), ...windowsDomain()],
    })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe(code)
  })

  test.each(['*', 'al*', 'alice)(|(objectClass=*', '(alice', '\\2a', '*)(uid=*))(|(uid=*'])(
    'nobody is found for %s',
    async (name) => {
      const { server, directory } = await served({}, { netbiosDomain: '' })
      const refusal = await refusalOf(directory.verify({ name, password: 'right' }))
      expect(refusal.refusal).toBe('directory_no_such_person')
      expect(server.binds.some((bind) => bind.name === alice.dn)).toBe(false)
    },
  )

  test('a name that two entries have', async () => {
    const more = { userPrincipalName: ['alice@corp.example'] }
    const spoof = windowsPerson('mallory', more, guids.other)
    const { server, directory } = await served({ entries: [alice, spoof, ...windowsDomain()] })
    const typed = { name: 'alice@corp.example', password: 'right' }
    const refusal = await refusalOf(directory.verify(typed))
    expect(refusal.refusal).toBe('directory_ambiguous')
    expect(server.binds.map(({ name }) => name)).not.toContain(alice.dn)
  })

  test('a name that only a referral leads to, which is not followed', async () => {
    const elsewhere = await fakeLdapServer({ entries: [windowsPerson('eve'), ...windowsDomain()] })
    const { directory } = await served({ referrals: [`${elsewhere.url}/${base}`] })
    const refusal = await refusalOf(directory.verify({ name: 'eve', password: 'right' }))
    expect(refusal.refusal).toBe('directory_no_such_person')
    await directory.verify({ name: 'alice', password: 'right' })
    expect(elsewhere.accepted).toBe(0)
  })

  test('a name of another domain', async () => {
    const { server, directory } = await served()
    for (const name of ['OTHER\\alice', '\\alice', 'CORP\\', 'CORP\\a\\b', '@corp.example', 'a@']) {
      const refusal = await refusalOf(directory.verify({ name, password: 'right' }))
      expect(refusal.refusal).toBe('directory_name_form')
    }
    expect(server.accepted).toBe(0)
  })

  test('an entry that has become somebody else’s between search and reading', async () => {
    let reads = 0
    const other = windowsPerson('alice', {}, guids.other)
    const entries = [alice, ...windowsDomain()]
    const { directory } = await served({
      entries,
      search: ({ scope, baseDN }) => {
        if (scope === 'base' && baseDN === alice.dn && (reads += 1) === 1) entries[0] = other
        return undefined
      },
    })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe('directory_entry')
  })

  test('everybody with the same words', async () => {
    const entries = [alice, windowsPerson('gone', { userAccountControl: ['514'] }, guids.other)]
    const { directory } = await served({ entries: [...entries, ...windowsDomain()] })
    const tries = [
      { name: 'alice', password: 'wrong' },
      { name: 'nobody', password: 'right' },
      { name: 'gone', password: 'right' },
      { name: 'alice', password: '' },
      { name: 'OTHER\\alice', password: 'right' },
    ]
    const refusals = await Promise.all(tries.map((typed) => refusalOf(directory.verify(typed))))
    expect(
      new Set(refusals.map(({ message, code, status }) => [message, code, status].join())),
    ).toHaveLength(1)
    expect(new Set(refusals.map(({ detail }) => detail))).toHaveLength(5)
  })

  test('an unknown name after as many binds as a known one, with a password of Postern’s own', async () => {
    const { server, directory } = await served()
    await refusalOf(directory.verify({ name: 'alice', password: 'typed' }))
    const known = server.binds.length
    await refusalOf(directory.verify({ name: 'nobody', password: 'typed' }))
    expect(server.binds.length - known).toBe(known)
    expect(server.binds.filter(({ password }) => password === 'typed')).toHaveLength(1)
  })
})

describe('tries', () => {
  test('are counted for the account, by whatever name, before its password is sent', async () => {
    const throttle = countedTries()
    const { directory } = await served({}, {}, { throttle })
    await directory.verify({ name: 'CORP\\alice', password: 'right' })
    await refusalOf(directory.verify({ name: 'ALICE@corp.example', password: 'wrong' }))
    await refusalOf(directory.verify({ name: 'nobody', password: 'wrong' }))
    expect(throttle.admitted).toEqual([guids.alice, guids.alice])
    expect(throttle.forgotten).toEqual([guids.alice])
  })

  test('past the limit reach no directory', async () => {
    const throttle = countedTries(() => false)
    const { server, directory } = await served({}, {}, { throttle })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe('directory_throttled')
    expect(server.binds.map(({ name }) => name)).not.toContain(alice.dn)
  })

  test('that can’t be counted are not made', async () => {
    const throttle = { ...countedTries(), admit: () => Promise.reject(new Error('no store')) }
    const { server, directory } = await served({}, {}, { throttle })
    await expect(directory.verify({ name: 'alice', password: 'right' })).rejects.toThrow('no store')
    expect(server.binds.map(({ name }) => name)).not.toContain(alice.dn)
  })

  const ticks = String((BigInt(now.getTime()) + 11_644_473_600_000n) * 10_000n)
  const ago = (minutes: number): string => String(BigInt(ticks) - BigInt(minutes) * 600_000_000n)
  test.each([
    ['one before the lockout is kept back', '5', '4', ago(1), false],
    ['two before it is taken', '5', '3', ago(1), true],
    ['wrong ones that are forgotten don’t count', '5', '4', ago(31), true],
    ['no lockout, no guard', '0', '400', ago(1), true],
    ['a count of nonsense counts as too many', '5', 'many', ago(1), false],
    ['a lockout at one leaves the first try', '1', '0', ago(1), true],
  ])('%s', async (_, threshold, badPwdCount, badPasswordTime, taken) => {
    const person = windowsPerson('alice', {
      badPwdCount: [badPwdCount],
      badPasswordTime: [badPasswordTime],
    })
    const { server, directory } = await served({ entries: [person, ...windowsDomain(threshold)] })
    const signIn = directory.verify({ name: 'alice', password: 'right' })
    if (taken) await signIn
    else expect((await refusalOf(signIn)).refusal).toBe('directory_lockout_near')
    expect(server.binds.some(({ name }) => name === alice.dn)).toBe(taken)
  })

  test('heed a fine-grained policy', async () => {
    const policy = {
      dn: `CN=strict,${base}`,
      attributes: {
        'msDS-LockoutThreshold': ['3'],
        'msDS-LockoutObservationWindow': ['-18000000000'],
      },
    }
    const person = windowsPerson('alice', {
      badPwdCount: ['2'],
      badPasswordTime: [ago(1)],
      'msDS-ResultantPSO': [policy.dn],
    })
    const { directory } = await served({ entries: [person, policy, ...windowsDomain('10')] })
    const refusal = await refusalOf(directory.verify({ name: 'alice', password: 'right' }))
    expect(refusal.refusal).toBe('directory_lockout_near')
  })

  test('made at once for one account stop before the lockout too', async () => {
    let wrong = 0
    const { directory } = await served({
      entries: [
        {
          ...alice,
          attributes: live({ ...alice.attributes, badPasswordTime: [ago(0)] }, () => String(wrong)),
        },
        ...windowsDomain('5'),
      ],
      bind: (name) => {
        if (name !== alice.dn) return undefined
        wrong += 1
        return { code: 49, message: windowsMessage('52e') }
      },
    })
    const tries = Array.from({ length: 12 }, () =>
      refusalOf(directory.verify({ name: 'alice', password: 'x' })),
    )
    const refusals = await Promise.all(tries)
    expect(wrong).toBe(4)
    expect(refusals.filter(({ refusal }) => refusal === 'directory_lockout_near')).toHaveLength(8)
  })
})

/** The attributes with a count that is read anew each time. */
function live(attributes: object, count: () => string): Record<string, string[]> {
  return Object.defineProperty({ ...attributes }, 'badPwdCount', {
    enumerable: true,
    get: () => [count()],
  })
}

describe('the service account', () => {
  test('is left alone for a while after it was refused, and nobody learns of it', async () => {
    let time = now.getTime()
    let refuse = true
    const { server, directory } = await served(
      { bind: (name) => (refuse && name === 'svc@corp.example' ? { code: 49 } : undefined) },
      {},
      { clock: () => new Date(time) },
    )
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(directory.verify({ name: 'alice', password: 'right' })).rejects.toMatchObject({
        code: 'temporarily_unavailable',
        status: 503,
      })
    }
    expect(server.binds).toHaveLength(1)
    refuse = false
    time += 300_001
    await directory.verify({ name: 'alice', password: 'right' })
  })

  test('is named in the log where it may not search', async () => {
    const { directory } = await served({ search: () => ({ code: 1, message: 'bind first' }) })
    const signIn = directory.verify({ name: 'alice', password: 'right' })
    await expect(signIn).rejects.toMatchObject({
      status: 503,
      detail: /refused with 1: bind first/,
    })
  })
})

describe('without a service account', () => {
  const asUser = { bind: { kind: 'as-user' } } as const

  test('people look for themselves, and the bind by DN decides', async () => {
    const { server, directory } = await served({}, asUser)
    const { name } = await directory.verify({ name: 'alice', password: 'right' })
    expect(name).toBe('alice')
    expect(server.binds.map((bind) => bind.name)).toEqual(['alice@corp.example', alice.dn])
  })

  test('a principal name that leads elsewhere than the account name is nobody', async () => {
    const mallory = {
      ...windowsPerson('mallory', { userPrincipalName: ['alice@corp.example'] }, guids.other),
      dn: `CN=mallory,OU=Elsewhere,${base}`,
      bindsAs: ['alice@corp.example'],
      password: 'malicious',
    }
    const { directory } = await served(
      { entries: [mallory, { ...alice, bindsAs: [] }, ...windowsDomain()] },
      { ...asUser, baseDn: `OU=People,${base}` },
    )
    for (const name of ['alice', 'alice@corp.example']) {
      const refusal = await refusalOf(directory.verify({ name, password: 'malicious' }))
      expect(refusal.refusal).toBe('directory_password')
    }
  })

  test('tries are counted by name before the first bind', async () => {
    const throttle = countedTries(() => false)
    const { server, directory } = await served({}, asUser, { throttle })
    const refusal = await refusalOf(directory.verify({ name: 'CORP\\Alice', password: 'right' }))
    expect(refusal.refusal).toBe('directory_throttled')
    expect(throttle.admitted).toEqual(['name:alice'])
    expect(server.binds).toEqual([])
  })

  test('nobody is looked up', async () => {
    const { directory } = await served({}, asUser)
    const key = { by: 'id', id: guids.alice } as const
    await expect(directory.lookUp(key, { proof: 'ticket' })).rejects.toMatchObject({ status: 503 })
  })
})

describe('looking somebody up', () => {
  test.each([
    ['ID', { by: 'id', id: guids.alice }],
    ['SID', { by: 'sid', sid: 'S-1-5-21-1-2-3-1104' }],
    ['name', { by: 'name', account: 'alice', principal: 'alice@corp.example' }],
    ['mail', { by: 'mail', mail: 'alice@corp.example' }],
  ] as const)('by %s', async (_, key) => {
    const person = windowsPerson('alice', { mail: ['alice@corp.example'] })
    const { server, directory } = await served({ entries: [person, ...windowsDomain()] })
    const found = await directory.lookUp(key, { proof: 'ticket' })
    expect(found).toMatchObject({ id: guids.alice, account: 'alice', sid: 'S-1-5-21-1-2-3-1104' })
    expect(server.binds).toHaveLength(1)
  })

  test('checks the account: a ticket outlives it', async () => {
    const person = windowsPerson('alice', { userAccountControl: ['514'] })
    const { directory } = await served({ entries: [person, ...windowsDomain()] })
    const looking = directory.lookUp({ by: 'id', id: guids.alice }, { proof: 'ticket' })
    expect((await refusalOf(looking)).refusal).toBe('directory_disabled')
  })

  test('an expired password spoils a ticket, and no certificate', async () => {
    const expired = { 'msDS-User-Account-Control-Computed': ['8388608'] }
    const { directory } = await served({
      entries: [windowsPerson('alice', expired), ...windowsDomain()],
    })
    const key = { by: 'id', id: guids.alice } as const
    const ticket = await refusalOf(directory.lookUp(key, { proof: 'ticket' }))
    expect(ticket.refusal).toBe('directory_password_expired')
    expect((await directory.lookUp(key, { proof: 'certificate' })).account).toBe('alice')
  })

  test('finds computers only where they are wanted', async () => {
    const more = { objectCategory: ['computer'], objectClass: ['user', 'computer'] }
    const { directory } = await served({
      entries: [windowsPerson('ws1$', more), ...windowsDomain()],
    })
    const key = { by: 'name', account: 'ws1$', principal: undefined } as const
    const refusal = await refusalOf(directory.lookUp(key, { proof: 'ticket' }))
    expect(refusal.refusal).toBe('directory_no_such_person')
    const found = await directory.lookUp(key, { proof: 'ticket', machines: true })
    expect(found.account).toBe('ws1$')
  })

  test.each([
    { by: 'id', id: 'alice' },
    { by: 'sid', sid: 'S-1-5-*' },
    { by: 'name', account: undefined, principal: undefined },
  ] as const)('refuses a key that is none: %o', async (key) => {
    const { directory } = await served()
    const refusal = await refusalOf(directory.lookUp(key, { proof: 'ticket' }))
    expect(refusal.refusal).toBe('directory_name_form')
  })
})
