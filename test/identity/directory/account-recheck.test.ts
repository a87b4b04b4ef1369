import { describe, expect, test } from 'vitest'
import { AccessDenied, SignInAgain, TooManyRequests } from '../../../src/errors.ts'
import {
  directoryCheck,
  freshSignInCheck,
} from '../../../src/identity/directory/account-recheck.ts'
import { AccountRefused } from '../../../src/identity/directory/account-refused.ts'
import type { Proof } from '../../../src/identity/directory/account-state.ts'
import type { Identity } from '../../../src/identity/identity.ts'
import { directoryOf, now, windowsSettings } from './directory-of.ts'
import { bytesOfSid, type FakeEntry, guids, windowsDomain, windowsPerson } from './fake-entries.ts'
import { fakeLdapServer } from './fake-ldap-server.ts'
import { matching } from '../../support/matching.ts'

const minutes = 60_000
const life = 15 * minutes

const alice: Identity = {
  person: { people: 'staff', id: guids.alice },
  name: 'alice',
  displayName: 'Alice Anders',
  email: undefined,
  method: 'ad',
  methodLabel: 'Windows',
  groups: ['S-1-5-21-1-2-3-1110'],
  attributes: { title: ['Pilot'] },
  authenticatedAt: now.getTime(),
  breakGlass: false,
}

/** The entry of alice as it is now, in a directory whose clock the test moves. */
async function checked(more: FakeEntry['attributes'] = {}, proof: Proof = 'password') {
  const clock = { time: now.getTime() }
  const entries = [windowsPerson('alice', more), ...windowsDomain()]
  const server = await fakeLdapServer({ entries })
  const read = (): Date => new Date(clock.time)
  const settings = { ...windowsSettings, urls: [server.url], attributes: ['title'] }
  const directory = directoryOf(settings, { clock: read })
  const check = directoryCheck({ directory, proof, life, now: read })
  const change = (attributes: FakeEntry['attributes'], account = 'alice'): void => {
    entries[0] = windowsPerson(account, attributes)
  }
  return { clock, server, check, change }
}

describe('an account', () => {
  test('is not looked up while the sign-in is recent', async () => {
    const { clock, server, check, change } = await checked()
    change({ userAccountControl: ['514'] })
    clock.time += life
    expect(await check(alice)).toBe(alice)
    expect(server.accepted).toBe(0)
  })

  test('is looked up where the sign-in is from long after now: the clock was set back', async () => {
    const { clock, check, change } = await checked()
    change({ userAccountControl: ['514'] })
    clock.time -= life + 1
    await expect(check(alice)).rejects.toThrow(AccountRefused)
  })

  test('has the name, groups and attributes of now after that, and stays who it is', async () => {
    const { clock, check, change } = await checked()
    const groups = { tokenGroups: [bytesOfSid('513')], title: ['Captain'], displayName: ['Ada'] }
    change(groups, 'alice2')
    clock.time += life + 1
    expect(await check(alice)).toEqual({
      ...alice,
      name: 'alice2',
      displayName: 'Ada',
      groups: ['S-1-5-21-1-2-3-513'],
      attributes: { title: ['Captain'] },
    })
  })

  test.each([
    ['is disabled', { userAccountControl: ['514'] }, /has been disabled/, 'directory_disabled'],
    ['has expired', { accountExpires: ['133000000000000000'] }, /has expired/, 'directory_expired'],
    [
      'is locked',
      { 'msDS-User-Account-Control-Computed': ['16'] },
      /is locked at this moment/,
      'directory_locked',
    ],
    [
      'must have a new password',
      { 'msDS-User-Account-Control-Computed': ['8388608'] },
      /Change it at a computer/,
      'directory_password_expired',
    ],
    ['can’t be read', { userAccountControl: [] }, /no longer admits/, 'directory_state'],
    ['has no groups', { tokenGroups: [] }, /no longer admits/, 'directory_groups'],
  ])('that %s meanwhile gets nothing, and hears why', async (_, state, message, refusal) => {
    const { clock, check, change } = await checked()
    change(state)
    clock.time += life + 1
    const error: unknown = await check(alice).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AccountRefused)
    expect(error).toBeInstanceOf(AccessDenied)
    expect(error).toMatchObject({ status: 403, message, detail: new RegExp(refusal) })
  })

  test('that was deleted gets nothing, nor does whoever has its name now', async () => {
    const { clock, check, server } = await checked({ objectGUID: [Buffer.alloc(16, 9)] })
    clock.time += life + 1
    await expect(check(alice)).rejects.toMatchObject({
      message: matching(/no longer admits/),
      detail: matching(/directory_no_such_person/),
    })
    expect(server.searches).toHaveLength(1)
  })

  test('with an expired password still has its certificate, and not its ticket', async () => {
    const expired = { 'msDS-User-Account-Control-Computed': ['8388608'] }
    const certificate = await checked(expired, 'certificate')
    const ticket = await checked(expired, 'ticket')
    for (const { clock } of [certificate, ticket]) clock.time += life + 1
    expect((await certificate.check(alice)).name).toBe('alice')
    await expect(ticket.check(alice)).rejects.toThrow(AccountRefused)
  })

  test.each([
    ['ticket', true],
    ['certificate', true],
    ['password', false],
  ] as const)('of a computer is known by its %s: %s', async (proof, known) => {
    const computer = { objectCategory: ['computer'], objectClass: ['user', 'computer'] }
    const { clock, check } = await checked(computer, proof)
    clock.time += life + 1
    const checking = check(alice)
    if (known) expect((await checking).name).toBe('alice')
    else await expect(checking).rejects.toThrow(AccountRefused)
  })

  test('is looked up once for fifty tabs, and again when that is old', async () => {
    const { clock, server, check, change } = await checked()
    clock.time += life + 1
    await Promise.all(Array.from({ length: 50 }, () => check(alice)))
    clock.time += life - 1
    await check(alice)
    expect(server.accepted).toBe(1)
    change({ userAccountControl: ['514'] })
    clock.time += 1
    await expect(check(alice)).rejects.toThrow(AccountRefused)
    expect(server.accepted).toBe(2)
  })

  test('that is refused is asked about every ten seconds at most, and let in again by then', async () => {
    const { clock, server, check, change } = await checked({ userAccountControl: ['514'] })
    clock.time += life + 1
    for (let request = 0; request < 20; request += 1) {
      await expect(check(alice)).rejects.toThrow(AccountRefused)
    }
    expect(server.accepted).toBe(1)
    change({})
    clock.time += 10_000
    expect((await check(alice)).name).toBe('alice')
  })

  test('of somebody else is looked up for itself', async () => {
    const { clock, check } = await checked()
    clock.time += life + 1
    await check(alice)
    const other = { ...alice, person: { people: 'staff', id: guids.other } }
    await expect(check(other)).rejects.toThrow(AccountRefused)
  })
})

describe('a directory that is down', () => {
  test('gives nobody anything, and is asked again at once when it is back', async () => {
    let down = true
    const entries = [windowsPerson('alice'), ...windowsDomain()]
    const server = await fakeLdapServer({ entries, bind: () => (down ? 'hang-up' : undefined) })
    const directory = directoryOf({ ...windowsSettings, urls: [server.url] })
    const later = (): Date => new Date(now.getTime() + life + 1)
    const check = directoryCheck({ directory, proof: 'ticket', life, now: later })
    await expect(check(alice)).rejects.toMatchObject({
      code: 'temporarily_unavailable',
      status: 503,
      message: 'Postern can’t ask your company’s directory at this moment. Try again later.',
    })
    down = false
    expect((await check(alice)).name).toBe('alice')
  })

  test('is not taken for one that refuses, nor is one that is busy', async () => {
    const busy = new TooManyRequests('Too many at once.', 2)
    const directory = { lookUp: () => Promise.reject(busy) }
    const later = (): Date => new Date(now.getTime() + life + 1)
    const check = directoryCheck({ directory, proof: 'password', life, now: later })
    await expect(check(alice)).rejects.toBe(busy)
  })
})

describe('without a service account', () => {
  test('a sign-in counts for a while, and then people sign in again', async () => {
    const clock = { time: now.getTime() + life }
    const check = freshSignInCheck(life, () => new Date(clock.time))
    expect(await check(alice)).toBe(alice)
    clock.time += 1
    await expect(check(alice)).rejects.toThrow(SignInAgain)
    await expect(check(alice)).rejects.toThrow(/Sign in again/)
  })
})
