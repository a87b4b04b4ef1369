import { describe, expect, test } from 'vitest'
import type { StoredTerminalCode } from '../../src/identity/terminals/terminal-code-store.ts'
import type { StoredTerminal, StoredTokens } from '../../src/identity/terminals/terminal-store.ts'
import type { State } from '../../src/state/open-state.ts'
import { stateEngines } from './state-engines.ts'

const now = 1_000

function terminalOf(id: string, more: Partial<StoredTerminal> = {}): StoredTerminal {
  return {
    id,
    person: 'staff/bob',
    identity: '{}',
    facts: '{}',
    createdAt: now,
    lastUsedAt: now,
    lastAddress: '127.0.0.1',
    expiresAt: 9_000,
    ...more,
  }
}

function codeOf(hash: string, more: Partial<StoredTerminalCode> = {}): StoredTerminalCode {
  return {
    hash,
    userCodeHash: undefined,
    terminal: `of-${hash}`,
    facts: '{}',
    standing: 'approved',
    identity: '{}',
    endsAt: undefined,
    createdAt: now,
    expiresAt: 5_000,
    ...more,
  }
}

const tokens = (name: string): StoredTokens => ({
  accessHash: `${name}-access`,
  accessExpiresAt: 3_000,
  refreshHash: `${name}-refresh`,
})

/** A sign-in with its first tokens. */
async function begun({ terminalCodes }: State, name = 'a'): Promise<StoredTerminal> {
  const terminal = terminalOf(`of-${name}`)
  await terminalCodes.insert(codeOf(name), 0)
  const { outcome } = await terminalCodes.redeem(name, terminal, tokens(name), now)
  expect(outcome).toBe('redeemed')
  return terminal
}

describe.each(stateEngines)('a terminal store on $name', ({ open }) => {
  test('finds a sign-in by its access token until either ends', async () => {
    await using opened = await open()
    const { terminals } = opened.state
    const terminal = await begun(opened.state)
    expect(await terminals.findByAccess('a-access', 2_999)).toEqual(terminal)
    expect(await terminals.findByAccess('a-access', 3_000)).toBeUndefined()
    expect(await terminals.findByAccess('a-refresh', now)).toBeUndefined()
    expect(await terminals.endByToken('a-access', now)).toEqual(terminal)
    expect(await terminals.findByAccess('a-access', now)).toBeUndefined()
    expect(await terminals.endByToken('a-access', now)).toBeUndefined()
  })

  test('gives the next pair to one of fifty who ask at once, and then ends the sign-in', async () => {
    await using opened = await open()
    const { terminals } = opened.state
    await begun(opened.state)
    const rotations = await Promise.all(
      Array.from({ length: 50 }, (_, at) => terminals.rotate('a-refresh', tokens(`b${at}`), now)),
    )
    const outcomes = rotations.map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'rotated')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'reused')).toHaveLength(1)
    expect(await terminals.ofPerson('staff/bob', now, 9)).toEqual([])
  })

  test('rotates nothing that is unknown, an access token, ended or over', async () => {
    await using opened = await open()
    const { terminals } = opened.state
    await begun(opened.state)
    expect((await terminals.rotate('x', tokens('b'), now)).outcome).toBe('unknown')
    expect((await terminals.rotate('a-access', tokens('b'), now)).outcome).toBe('unknown')
    expect((await terminals.rotate('a-refresh', tokens('b'), 9_000)).outcome).toBe('unknown')
    await terminals.endByToken('a-refresh', now)
    expect((await terminals.rotate('a-refresh', tokens('b'), now)).outcome).toBe('unknown')
  })

  test('lists and ends what is a person’s own', async () => {
    await using opened = await open()
    const { terminals } = opened.state
    await begun(opened.state, 'a')
    await begun(opened.state, 'b')
    await terminals.touch('of-a', 2_000, '192.0.2.1')
    const found = await terminals.ofPerson('staff/bob', now, 9)
    expect(found.map(({ id, lastUsedAt }) => [id, lastUsedAt])).toEqual([
      ['of-b', now],
      ['of-a', 2_000],
    ])
    expect(await terminals.ofPerson('staff/alice', now, 9)).toEqual([])
    expect(await terminals.endOfPerson('of-a', 'staff/alice', now)).toBeUndefined()
    expect((await terminals.endOfPerson('of-a', 'staff/bob', now))?.id).toBe('of-a')
    expect(await terminals.ofPerson('staff/bob', 9_000, 9)).toEqual([])
  })

  test('forgets what is over', async () => {
    await using opened = await open()
    const { terminals, terminalCodes } = opened.state
    await begun(opened.state)
    expect(await terminals.deleteExpired(3_000)).toBe(1)
    expect(await terminals.deleteExpired(9_000)).toBe(2)
    expect(await terminalCodes.deleteExpired(5_000)).toBe(1)
  })
})

describe.each(stateEngines)('a terminal code store on $name', ({ open }) => {
  test('redeems a code for one of fifty who ask at once, and ends what came of it', async () => {
    await using opened = await open()
    const { terminals, terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a'), 0)
    const redeemed = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        terminalCodes.redeem('a', terminalOf('of-a'), tokens(`t${at}`), now),
      ),
    )
    const outcomes = redeemed.map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'redeemed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'reused')).toHaveLength(49)
    expect(await terminals.ofPerson('staff/bob', now, 9)).toEqual([])
  })

  test.each(['pending', 'denied'] as const)('redeems nothing that is %s', async (standing) => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a', { standing }), 0)
    const { outcome } = await terminalCodes.redeem('a', terminalOf('of-a'), tokens('t'), now)
    expect(outcome).toBe('unknown')
  })

  test('redeems nothing that is over, burnt or unknown', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a'), 0)
    const redeem = async (hash: string, at: number) =>
      (await terminalCodes.redeem(hash, terminalOf('of-a'), tokens('t'), at)).outcome
    expect(await redeem('a', 5_000)).toBe('unknown')
    expect(await redeem('x', now)).toBe('unknown')
    await terminalCodes.burn('a')
    expect(await redeem('a', now)).toBe('reused')
  })

  test('takes a user code once, and finds it until it ends', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    const first = codeOf('a', { userCodeHash: 'u', standing: 'pending', identity: undefined })
    expect(await terminalCodes.insert(first, 5)).toBe(true)
    expect(await terminalCodes.insert({ ...first, hash: 'b' }, 5)).toBe(false)
    expect(await terminalCodes.findByUserCode('u', 4_999)).toEqual(first)
    expect(await terminalCodes.findByUserCode('u', 5_000)).toBeUndefined()
  })

  test('is decided once', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a', { standing: 'pending' }), 5)
    const decisions = await Promise.all(
      ['one', 'two'].map((identity) => terminalCodes.decide('a', { identity, endsAt: 4_000 }, now)),
    )
    expect(decisions.toSorted()).toEqual([false, true])
    expect(await terminalCodes.read('a', now)).toMatchObject({
      standing: 'approved',
      endsAt: 4_000,
    })
    expect(await terminalCodes.decide('a', 'denied', now)).toBe(false)
  })

  test('lengthens the wait of who asks too early, up to a minute', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a', { expiresAt: 1e9 }), 5)
    expect(await terminalCodes.poll('a', 100_000)).toBe(true)
    expect(await terminalCodes.poll('a', 105_000)).toBe(true)
    expect(await terminalCodes.poll('a', 107_000)).toBe(false)
    expect(await terminalCodes.poll('a', 115_000)).toBe(false)
    expect(await terminalCodes.poll('a', 130_000)).toBe(true)
    for (let tries = 0; tries < 20; tries++) await terminalCodes.poll('a', 130_001)
    expect(await terminalCodes.poll('a', 190_001)).toBe(true)
  })
})
