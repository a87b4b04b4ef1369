import { describe, expect, test } from 'vitest'
import { stateEngines } from './state-engines.ts'
import { codeOf, now, terminalOf, tokensOf } from './stored-terminals.ts'

const most = 9
const approver = { identity: 'one', endsAt: 4_000 }

describe.each(stateEngines)('a terminal code store on $name', ({ open }) => {
  test('redeems a code for one of fifty who ask at once, and ends what came of it', async () => {
    await using opened = await open()
    const { terminals, terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a'), 0)
    const redeemed = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        terminalCodes.redeem(
          'a',
          { terminal: terminalOf('of-a'), tokens: tokensOf(`t${at}`) },
          most,
          now,
        ),
      ),
    )
    const outcomes = redeemed.map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === 'redeemed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'reused')).toHaveLength(49)
    expect(await terminals.ofPerson('staff/bob', now, 9)).toEqual([])
  })

  test.each(['pending', 'claimed', 'denied'] as const)(
    'redeems nothing that is %s',
    async (standing) => {
      await using opened = await open()
      const { terminalCodes } = opened.state
      await terminalCodes.insert(codeOf('a', { standing }), 0)
      const { outcome } = await terminalCodes.redeem(
        'a',
        { terminal: terminalOf('of-a'), tokens: tokensOf('t') },
        most,
        now,
      )
      expect(outcome).toBe('unknown')
    },
  )

  test('redeems nothing that is over, burnt or unknown', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a'), 0)
    const redeem = async (hash: string, at: number) =>
      (
        await terminalCodes.redeem(
          hash,
          { terminal: terminalOf('of-a'), tokens: tokensOf('t') },
          most,
          at,
        )
      ).outcome
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

  test('is claimed by one of fifty who decide at once, and redeemed only once it is approved', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    const redeem = async () => {
      const begun = { terminal: terminalOf('of-a'), tokens: tokensOf('t') }
      return (await terminalCodes.redeem('a', begun, most, now)).outcome
    }
    await terminalCodes.insert(codeOf('a', { standing: 'pending', identity: undefined }), 5)
    expect(await terminalCodes.approve('a', now)).toBe(false)
    const claims = await Promise.all(
      Array.from({ length: 50 }, () => terminalCodes.claim('a', approver, now)),
    )
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await terminalCodes.read('a', now)).toMatchObject({ standing: 'claimed', ...approver })
    expect(await terminalCodes.deny('a', now)).toBe(false)
    expect(await redeem()).toBe('unknown')
    expect(await terminalCodes.approve('a', now)).toBe(true)
    expect(await terminalCodes.approve('a', now)).toBe(false)
    expect(await terminalCodes.read('a', now)).toMatchObject({ standing: 'approved', ...approver })
    expect(await terminalCodes.deny('a', now)).toBe(false)
    expect(await redeem()).toBe('redeemed')
  })

  test('waits on when a claim is given back, and names nobody then', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    const pending = codeOf('a', { standing: 'pending', identity: undefined })
    await terminalCodes.insert(pending, 5)
    await terminalCodes.claim('a', approver, now)
    await terminalCodes.giveBack('a')
    expect(await terminalCodes.read('a', now)).toEqual(pending)
    expect(await terminalCodes.deny('a', now)).toBe(true)
    await terminalCodes.giveBack('a')
    expect(await terminalCodes.read('a', now)).toMatchObject({ standing: 'denied' })
    expect(await terminalCodes.claim('a', approver, now)).toBe(false)
  })

  test('is neither claimed, approved nor denied when its time is over', async () => {
    await using opened = await open()
    const { terminalCodes } = opened.state
    await terminalCodes.insert(codeOf('a', { standing: 'pending' }), 5)
    await terminalCodes.insert(codeOf('b', { standing: 'claimed' }), 5)
    expect(await terminalCodes.claim('a', approver, 5_000)).toBe(false)
    expect(await terminalCodes.deny('a', 5_000)).toBe(false)
    expect(await terminalCodes.approve('b', 5_000)).toBe(false)
  })

  test('ends the sign-ins of the same person that were not used for longest', async () => {
    await using opened = await open()
    const { terminals, terminalCodes } = opened.state
    const begin = async (name: string, more: object) => {
      const terminal = terminalOf(name, more)
      await terminalCodes.insert(codeOf(name), 0)
      const begun = { terminal, tokens: tokensOf(name) }
      const redeemed = await terminalCodes.redeem(name, begun, 3, now)
      return redeemed.outcome === 'redeemed' ? redeemed.displaced.map(({ id }) => id) : undefined
    }
    expect(await begin('over', { expiresAt: now })).toEqual([])
    expect(await begin('hers', { person: 'staff/alice', lastUsedAt: 1 })).toEqual([])
    expect(await begin('a', { lastUsedAt: 30 })).toEqual([])
    expect(await begin('b', { lastUsedAt: 10 })).toEqual([])
    expect(await begin('c', { lastUsedAt: 20 })).toEqual([])
    expect(await begin('d', { lastUsedAt: 1 })).toEqual(['b'])
    expect(await begin('e', { lastUsedAt: 40 })).toEqual(['d'])
    const lasting = await terminals.ofPerson('staff/bob', now, 9)
    expect(lasting.map(({ id }) => id)).toEqual(['e', 'c', 'a'])
    expect(await terminals.findByAccess('b-access', now)).toBeUndefined()
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
