import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { openState } from '../../src/state/open-state.ts'
import { sleep, StoppedClock } from '../conformance/state-engines.ts'
import { TemporaryFolder } from './temporary-folder.ts'

const effects = { now: new StoppedClock().now, sleep }

const opening = new URL('./opening-process.ts', import.meta.url)
const claiming = new URL('./claiming-process.ts', import.meta.url)

function start(script: URL, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [script.pathname, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

function linesOf({ stdout }: ChildProcess): AsyncIterableIterator<string> {
  if (stdout === null) throw new Error('the process has no standard output')
  return createInterface({ input: stdout })[Symbol.asyncIterator]()
}

describe('several processes on one database', () => {
  test('can all start on a file that is not there yet', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('data/postern.db')
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => Array.fromAsync(linesOf(start(opening, path)))),
    )
    expect(answers.flat().sort()).toEqual(['lost', 'lost', 'lost', 'won'])
  })

  test('never both get the same claim', { timeout: 30_000 }, async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    const racers = ['up', 'down'].map((way) => start(claiming, path, '500', way))
    const outputs = racers.map((racer) => linesOf(racer))
    for (const output of outputs) expect(await output.next()).toMatchObject({ value: 'ready' })
    for (const { stdin } of racers) stdin?.end()
    const [one = [], two = []] = await Promise.all(outputs.map((rest) => Array.fromAsync(rest)))
    const won = [...one, ...two]
    expect(won).toHaveLength(500)
    expect(new Set(won).size).toBe(500)
    expect(one.length).toBeGreaterThan(0)
    expect(two.length).toBeGreaterThan(0)
  })

  test('lose no write that was acknowledged before a kill -9', { timeout: 60_000 }, async () => {
    using folder = new TemporaryFolder()
    for (let round = 0; round < 5; round++) {
      const path = folder.file(`round-${round}.db`)
      const writer = start(claiming, path, '1000000')
      const acknowledged: string[] = []
      const ended = once(writer, 'exit')
      writer.stdin?.end()
      for await (const line of linesOf(writer)) {
        acknowledged.push(line)
        if (acknowledged.length === 50 + round * 173) writer.kill('SIGKILL')
      }
      expect(await ended).toEqual([null, 'SIGKILL'])
      const claims = acknowledged.filter((line) => line.startsWith('c-'))
      const state = openState(`sqlite:${path}`, effects)
      const again = await Promise.all(claims.map((id) => state.claims.claim('race', id, 1)))
      await state.close()
      expect(claims.length).toBeGreaterThan(40)
      expect(again.filter(Boolean)).toHaveLength(0)
    }
  })
})
