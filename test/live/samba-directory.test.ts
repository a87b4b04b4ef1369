import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAccountThrottle } from '../../src/identity/directory/account-throttle.ts'
import { connectController } from '../../src/identity/directory/connect-controller.ts'
import type { Directory } from '../../src/identity/directory/directory.ts'
import { DirectoryRefusal } from '../../src/identity/directory/directory-fault.ts'
import { issue } from '../keys/test-certificates.ts'
import { freePort } from '../support/free-port.ts'
import { sambaSettings, sambaSignIn } from './samba/directory-settings.ts'
import { memoryState } from './samba/memory-state.ts'
import { domain, requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'
import { matching } from '../support/matching.ts'

const runs = requireSamba()
const { password } = domain
let samba: SambaDirectory
let directory: Directory

beforeAll(async () => {
  if (!runs) return
  samba = await startSamba()
  directory = sambaSignIn(samba)
}, 240_000)

afterAll(async () => {
  if (runs) await samba[Symbol.asyncDispose]()
}, 60_000)

const group = (cn: string): string => `CN=${cn},OU=Groups,${domain.dn}`
const everybody = [`CN=Domain Users,CN=Users,${domain.dn}`, `CN=Users,CN=Builtin,${domain.dn}`]

async function refusalOf(work: Promise<unknown>): Promise<DirectoryRefusal> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DirectoryRefusal)) throw new Error(`no refusal: ${String(error)}`)
  return error
}

describe('Active Directory admits', () => {
  test.each([
    'alice',
    'ALICE',
    'CORP\\alice',
    'corp.example.test\\alice',
    'alice@corp.example.test',
    'alice.anders@corp.example.test',
  ])('%s as the one Alice Anders', async (name) => {
    const identity = await directory.verify({ name, password })
    expect(identity).toMatchObject({
      person: {
        people: 'staff',
        id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/) as string,
      },
      name: 'alice',
      displayName: 'Alice Anders',
      email: 'alice@corp.example.test',
    })
    const again = await directory.lookUp({ by: 'id', id: identity.person.id }, { proof: 'ticket' })
    expect(again.account).toBe('alice')
  })

  test('with nested groups, and groups whose names need escaping', async () => {
    const { groups } = await directory.verify({ name: 'alice', password })
    const direct = ['team-a', 'team-b', 'aws-admins', 'Gruppe-Köln', 'AWS\\, Weird\\+Group (x)']
    expect(new Set(groups)).toEqual(new Set([...direct.map(group), ...everybody]))
  })

  test('with the primary group, and groups in a circle once each', async () => {
    const { groups } = await directory.verify({ name: 'bob', password })
    const names = ['aws-dev', 'loop1', 'loop2', 'primary-grp']
    expect(new Set(groups)).toEqual(new Set([...names.map(group), ...everybody]))
    expect(groups).toHaveLength(6)
  })

  test('with 252 groups', async () => {
    const { groups } = await directory.verify({ name: 'many', password })
    expect(new Set(groups)).toHaveLength(252)
  })

  test('with SIDs where those are mapped', async () => {
    const bySid = sambaSignIn(samba, { groups: { as: 'sid' } })
    const { groups } = await bySid.verify({ name: 'bob', password })
    expect(groups).toHaveLength(6)
    expect(groups).toContain(`${samba.sid}-513`)
    expect(groups).toContain('S-1-5-32-545')
  })

  test.each(['ocomma', 'zoë', 'par(en)s'])('%s, whose name needs care', async (name) => {
    const { name: found, groups } = await directory.verify({ name, password })
    expect(found).toBe(name)
    if (name === 'ocomma') expect(groups).toContain(group('AWS\\, Weird\\+Group (x)'))
  })

  test('people over StartTLS', async () => {
    const plain = sambaSignIn(samba, { urls: ['ldap://localhost'], startTls: true })
    expect((await plain.verify({ name: 'bob', password })).name).toBe('bob')
  })

  test.each(['alice', 'CORP\\alice', 'alice.anders@corp.example.test'])(
    '%s without a service account',
    async (name) => {
      const asUser = sambaSignIn(samba, { bind: { kind: 'as-user' } })
      const identity = await asUser.verify({ name, password })
      expect(identity.name).toBe('alice')
      expect(identity.groups).toContain(group('aws-admins'))
    },
  )
})

describe('Active Directory refuses', () => {
  test.each([
    ['a wrong password', 'alice', 'wrong', 'directory_password', 'data 52e'],
    ['a disabled account', 'disabled', password, 'directory_disabled', 'data 533'],
    ['an expired account', 'expired', password, 'directory_expired', 'data 701'],
    ['an expired password', 'pwexpired', password, 'directory_password_expired', 'data 532'],
    ['a password to be changed', 'mustchange', password, 'directory_password_expired', 'data 773'],
    ['nobody', 'nobody', password, 'directory_no_such_person', ''],
    ['everybody', '*', password, 'directory_no_such_person', ''],
    ['a filter', 'alice)(|(objectClass=*', password, 'directory_no_such_person', ''],
    ['somebody outside the base DN', 'elsewhere', password, 'directory_no_such_person', ''],
    ['a computer', 'ws1$', password, 'directory_no_such_person', ''],
    ['a name of two people', 'carol@corp.example.test', password, 'directory_ambiguous', ''],
    ['an empty password', 'alice', '', 'directory_input', ''],
    ['another domain', 'OTHER\\alice', password, 'directory_name_form', ''],
  ])('%s', async (_, name, typed, code, subCode) => {
    const refusal = await refusalOf(directory.verify({ name, password: typed }))
    expect(refusal.refusal).toBe(code)
    expect(refusal.detail).toContain(subCode)
    expect(refusal.message).toBe('That name and password don’t match.')
  })

  test('a locked account', async () => {
    const settings = sambaSettings(samba)
    const address = { url: 'ldaps://localhost', host: 'localhost', port: 636, startTls: false }
    const connection = await connectController(address, settings)
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await connection.bind('locked@corp.example.test', 'wrong')
    }
    await connection.close()
    const id = { by: 'name', account: 'locked', principal: undefined } as const
    expect((await refusalOf(directory.lookUp(id, { proof: 'ticket' }))).refusal).toBe(
      'directory_locked',
    )
    const asUser = sambaSignIn(samba, { bind: { kind: 'as-user' } })
    const refusal = await refusalOf(asUser.verify({ name: 'locked', password }))
    expect([refusal.refusal, refusal.detail]).toEqual([
      'directory_locked',
      expect.stringContaining('data 775'),
    ])
  })

  test('a principal name without a service account, when two people have it', async () => {
    const asUser = sambaSignIn(samba, { bind: { kind: 'as-user' } })
    const refusal = await refusalOf(asUser.verify({ name: 'carol@corp.example.test', password }))
    expect(refusal.refusal).toBe('directory_ambiguous')
  })
})

describe('a controller is left unasked', () => {
  test('with a certificate of another authority', async () => {
    const other = issue({ commonName: 'Other CA', authority: true }).certificatePem
    const signIn = sambaSignIn(samba, { ca: other }).verify({ name: 'alice', password })
    await expect(signIn).rejects.toMatchObject({ status: 503, detail: matching(/certificate/) })
  })

  test('with a certificate for another name', async () => {
    // An address by another spelling, past the check of the settings.
    const address = { url: 'ldaps://127.1', host: '127.1', port: 636, startTls: false }
    const connecting = connectController(address, sambaSettings(samba))
    await expect(connecting).rejects.toThrow(/altnames/)
  })

  test('when it is dead: the next one answers', async () => {
    const urls = [`ldaps://localhost:${await freePort()}`, 'ldaps://localhost']
    const { name } = await sambaSignIn(samba, { urls }).verify({ name: 'alice', password })
    expect(name).toBe('alice')
  })

  test('without TLS', () => {
    expect(() => sambaSignIn(samba, { urls: ['ldap://localhost'] })).toThrow(/in the clear/)
  })
})

describe('nobody is locked out through Postern', () => {
  async function isUsable(account: string): Promise<boolean> {
    const key = { by: 'name', account, principal: undefined } as const
    return directory.lookUp(key, { proof: 'ticket' }).then(
      () => true,
      () => false,
    )
  }

  test('by wrong passwords one after the other, under whatever name', async () => {
    const names = ['guarded', 'CORP\\guarded', 'GUARDED@corp.example.test']
    const refusals: string[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const name = names[attempt % names.length] ?? ''
      refusals.push((await refusalOf(directory.verify({ name, password: 'wrong' }))).refusal)
    }
    expect(refusals.filter((refusal) => refusal === 'directory_password')).toHaveLength(4)
    expect(await isUsable('guarded')).toBe(true)
  })

  test('by wrong passwords all at once', async () => {
    const tries = Array.from({ length: 20 }, () =>
      refusalOf(directory.verify({ name: 'crowded', password: 'wrong' })),
    )
    const refusals = await Promise.all(tries)
    expect(refusals.filter(({ refusal }) => refusal === 'directory_password')).toHaveLength(4)
    expect(await isUsable('crowded')).toBe(true)
  })

  test('without a service account, by the throttle alone', async () => {
    await using state = memoryState()
    const settings = { ...sambaSettings(samba), bind: { kind: 'as-user' } as const }
    const throttle = createAccountThrottle(state.attempts, settings)
    const asUser = sambaSignIn(samba, settings, throttle)
    const refusals: string[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      refusals.push(
        (await refusalOf(asUser.verify({ name: 'throttled', password: 'wrong' }))).refusal,
      )
    }
    expect(refusals.filter((refusal) => refusal === 'directory_password')).toHaveLength(2)
    expect(await isUsable('throttled')).toBe(true)
  })
})

describe('looking up', () => {
  test('finds computers where they are wanted', async () => {
    const wide = sambaSignIn(samba, { baseDn: domain.dn })
    const key = { by: 'name', account: 'ws1$', principal: undefined } as const
    expect((await wide.lookUp(key, { proof: 'ticket', machines: true })).account).toBe('ws1$')
  })

  test('finds people by SID', async () => {
    const wanted = await directory.lookUp(
      { by: 'name', account: 'bob', principal: undefined },
      { proof: 'certificate' },
    )
    const bySid = await directory.lookUp(
      { by: 'sid', sid: wanted.sid ?? '' },
      { proof: 'certificate' },
    )
    expect(bySid).toEqual(wanted)
  })
})

describe('the watch', () => {
  test('sees that a controller answers and takes the service account', async () => {
    await sambaSignIn(samba).watch.check()
  })

  test('says with which sub-code the service account is refused', async () => {
    const bind = {
      kind: 'service-account',
      name: 'svc-postern@corp.example.test',
      password: { reveal: () => 'wrong' },
    } as const
    const checked = sambaSignIn(samba, { bind }).watch.check()
    await expect(checked).rejects.toThrow(/service account .* was refused: result 49, data 52e/)
  })
})
