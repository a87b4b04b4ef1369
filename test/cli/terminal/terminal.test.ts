import { describe, expect, test } from 'vitest'
import { setTimeout as delay } from 'node:timers/promises'
import { coloursFor } from '../../../src/cli/terminal/colour.ts'
import { printJson } from '../../../src/cli/terminal/json-output.ts'
import { withProgress } from '../../../src/cli/terminal/progress.ts'
import type { Terminal } from '../../../src/cli/terminal/terminal.ts'
import { heldSurroundings } from '../held-surroundings.ts'

const capable: Terminal = { columns: 30, isCapable: true }
const dumb: Terminal = { columns: 30, isCapable: false }

function on(terminal: Terminal | undefined, env = {}) {
  return heldSurroundings({ env, terminal: () => terminal })
}

/** Surroundings whose pauses are over at once, so many times, and then last until they are ended. */
function hasty(terminal: Terminal, times: number) {
  let left = times
  const held = on(terminal)
  const sleep = async (_: number, signal?: AbortSignal): Promise<void> => {
    left -= 1
    if (left < 0) await delay(10_000, undefined, signal ? { signal } : {})
  }
  return { ...held, effects: { ...held.effects, sleep } }
}

describe('progress', () => {
  test('is not shown for what is done within half a second', async () => {
    const surroundings = on(capable)
    expect(await withProgress('Asking', surroundings, () => delay(50, 7))).toBe(7)
    expect(surroundings.said).toEqual({ out: '', err: '' })
  })

  test('is shown from half a second on, and gone afterwards', async () => {
    const surroundings = on(capable)
    await withProgress('Asking', surroundings, () => delay(700))
    expect(surroundings.said).toEqual({ out: '', err: '\r\u001b[2KAsking ...\r\u001b[2K' })
  })

  test('counts the seconds, keeps to one line, and is gone after a failure', async () => {
    const surroundings = hasty(capable, 3)
    const work = withProgress('Asking the endpoint far away', surroundings, async () => {
      await delay(50)
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    const lines = surroundings.said.err.split('\r\u001b[2K')
    expect(lines.slice(1, 4)).toEqual([
      'Asking the endpoint far … ...',
      'Asking the endpoint … ... 1 s',
      'Asking the endpoint … ... 2 s',
    ])
    expect([lines.length, lines.at(-1)]).toEqual([5, ''])
  })

  test('is out of the way while somebody is asked, or told something', async () => {
    const surroundings = {
      ...hasty(capable, 2),
      askSecret: async (question: string) => {
        surroundings.stderr(question)
        await delay(20)
        return '1234'
      },
    }
    const pin = await withProgress('Signing', surroundings, async (inner) => {
      await delay(20)
      inner.stderr('a line\n')
      return inner.askSecret('PIN: ')
    })
    const gone = '\r\u001b[2K'
    expect([pin, surroundings.said.err]).toEqual([
      '1234',
      `${gone}Signing ...${gone}Signing ... 1 s${gone}a line\nPIN: `,
    ])
  })

  test('is a plain line where the terminal can erase none', async () => {
    const surroundings = hasty(dumb, 1)
    await withProgress('Asking', surroundings, () => delay(50))
    expect(surroundings.said.err).toBe('Asking ...\n')
  })

  test('is not shown where standard error is no terminal', async () => {
    const surroundings = on(undefined)
    await withProgress('Asking', surroundings, () => delay(600))
    expect(surroundings.said.err).toBe('')
  })
})

describe('colours', () => {
  test('are there on a terminal, and end what they begin', () => {
    expect(coloursFor('stdout', on(capable)).red('x')).toBe('\u001b[31mx\u001b[39m')
    expect(coloursFor('stdout', on(capable, { NO_COLOR: '' })).bold('x')).toBe(
      '\u001b[1mx\u001b[22m',
    )
  })

  test.for([
    ['into a pipe', on(undefined)],
    ['on a dumb terminal', on(dumb)],
    ['with NO_COLOR', on(capable, { NO_COLOR: '1' })],
  ] as const)('are not there %s', ([, surroundings]) => {
    const { bold, dim, red, yellow, green } = coloursFor('stderr', surroundings)
    expect([bold, dim, red, yellow, green].map((paint) => paint('x')).join('')).toBe('xxxxx')
  })
})

test('JSON holds nothing that a terminal obeys, and is the same value', () => {
  const surroundings = on(capable)
  const value = { name: 'a\u001b[2J\u009b\u2028\n' }
  printJson(value, surroundings)
  expect(surroundings.said.out).not.toMatch(/[^\n\x20-\x7e]/)
  expect(JSON.parse(surroundings.said.out)).toEqual(value)
})
