import { describe, expect, test } from 'vitest'
import { countedTries, now } from './directory-of.ts'
import { base, guids, windowsPerson, windowsDomain } from './fake-entries.ts'
import { windowsMessage } from './ldap-wire.ts'
import { alice, refusalOf, served } from './served-directory.ts'

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
