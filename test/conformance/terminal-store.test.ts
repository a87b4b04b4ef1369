import { describe, expect, test } from 'vitest'
import type { StoredTerminal } from '../../src/identity/terminals/terminal-store.ts'
import type { State } from '../../src/state/open-state.ts'
import { stateEngines } from './state-engines.ts'
import { codeOf, now, terminalOf, tokensOf } from './stored-terminals.ts'

const address = '192.0.2.7'

/** A sign-in with its first tokens. */
async function begun({ terminalCodes }: State, name = 'a'): Promise<StoredTerminal> {
  const terminal = terminalOf(`of-${name}`)
  await terminalCodes.insert(codeOf(name), 0)
  const { outcome } = await terminalCodes.redeem(name, { terminal, tokens: tokensOf(name) }, 9, now)
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
      Array.from({ length: 50 }, (_, at) =>
        terminals.rotate('a-refresh', tokensOf(`b${at}`), now, address),
      ),
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
    expect((await terminals.rotate('x', tokensOf('b'), now, address)).outcome).toBe('unknown')
    expect((await terminals.rotate('a-access', tokensOf('b'), now, address)).outcome).toBe(
      'unknown',
    )
    expect((await terminals.rotate('a-refresh', tokensOf('b'), 9_000, address)).outcome).toBe(
      'unknown',
    )
    await terminals.endByToken('a-refresh', now)
    expect((await terminals.rotate('a-refresh', tokensOf('b'), now, address)).outcome).toBe(
      'unknown',
    )
  })

  test('notes where and when a token was renewed', async () => {
    await using opened = await open()
    const { terminals } = opened.state
    const terminal = await begun(opened.state)
    const used = { ...terminal, lastUsedAt: 2_000, lastAddress: address }
    const rotation = await terminals.rotate('a-refresh', tokensOf('b'), 2_000, address)
    expect(rotation).toEqual({ outcome: 'rotated', terminal: used })
    expect(await terminals.ofPerson('staff/bob', 2_000, 9)).toEqual([used])
  })

  test('takes a rotation back: the pair is gone, and the token serves once more', async () => {
    await using opened = await open()
    const { terminals } = opened.state
    await begun(opened.state)
    await terminals.rotate('a-refresh', tokensOf('b'), now, address)
    await terminals.takeBack('a-refresh', tokensOf('b'))
    expect(await terminals.findByToken('b-access', now)).toBeUndefined()
    expect(await terminals.findByToken('b-refresh', now)).toBeUndefined()
    const again = await terminals.rotate('a-refresh', tokensOf('c'), now, address)
    expect(again.outcome).toBe('rotated')
    const reused = await terminals.rotate('a-refresh', tokensOf('d'), now, address)
    expect(reused.outcome).toBe('reused')
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
