import { describe, expect, test } from 'vitest'
import { RememberedAnswers } from '../../../src/identity/directory/remembered-answers.ts'

class Refused extends Error {}

function remembered(most = 3) {
  const clock = { time: 1_000 }
  const asked: string[] = []
  const life = {
    given: 900,
    failed: (error: unknown) => (error instanceof Refused ? 10 : 0),
  }
  const answers = new RememberedAnswers<string>(most, life, () => new Date(clock.time))
  const get = async (question: string, answer = `${question}!`): Promise<string> =>
    answers.get(question, () => {
      asked.push(question)
      return Promise.resolve(answer)
    })
  return { clock, asked, answers, get }
}

describe('an answer', () => {
  test('is asked for once by all who wait for it', async () => {
    const { answers } = remembered()
    const { promise, resolve } = Promise.withResolvers<string>()
    let asked = 0
    const all = Array.from({ length: 50 }, () =>
      answers.get('a', () => {
        asked += 1
        return promise
      }),
    )
    resolve('yes')
    expect(new Set(await Promise.all(all))).toEqual(new Set(['yes']))
    expect(asked).toBe(1)
  })

  test('counts until its time is over, from when it was asked for', async () => {
    const { clock, get, answers, asked } = remembered()
    await answers.get('a', () => {
      clock.time += 100
      return Promise.resolve('slow')
    })
    clock.time = 1_899
    expect(await get('a')).toBe('slow')
    clock.time = 1_900
    expect(await get('a')).toBe('a!')
    expect(asked).toEqual(['a'])
  })

  test('from later than now does not count: the clock was set back', async () => {
    const { clock, get, asked } = remembered()
    await get('a')
    clock.time -= 1
    await get('a')
    expect(asked).toEqual(['a', 'a'])
  })

  test('that failed counts for as long as the failure is worth', async () => {
    const { clock, get, answers } = remembered()
    const fail = (error: Error) => answers.get('a', () => Promise.reject(error))
    await expect(fail(new Refused('no'))).rejects.toThrow('no')
    await expect(get('a')).rejects.toThrow('no')
    clock.time += 10
    await expect(fail(new Error('down'))).rejects.toThrow('down')
    expect(await get('a')).toBe('a!')
  })

  test('is forgotten when there are too many, the one first asked for before others', async () => {
    const { get, asked, clock } = remembered(2)
    await get('a')
    clock.time += 900
    await get('b')
    // Asked anew, a is now younger than b.
    await get('a')
    await get('c')
    await get('a')
    await get('b')
    expect(asked).toEqual(['a', 'b', 'a', 'c', 'b'])
  })
})
