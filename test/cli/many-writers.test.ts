import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { changeFile } from '../../src/cli/aws-files/change-file.ts'
import { heldSurroundings } from './held-surroundings.ts'

const script = new URL('children/rewriting.ts', import.meta.url).pathname
const writers = 20
const written = /(\[profile w\d+\](?:\r\n|\n))value = \d+ x* end/g

// Whatever bytes people have in such a file, in sections that are not ours; line ends of all kinds.
const line = fc
  .tuple(
    fc.oneof(
      fc.constantFrom('', '# comment', 'region = x', 'value = 1 xx end', '  nested = y', 'a : b'),
      fc
        .string({ unit: 'binary', maxLength: 40 })
        .filter((text) => !/^\ufeff?\[|[\r\n]/.test(text)),
    ),
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .map(([text, end]) => text + end)
const garbage = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(''))
const file = fc
  .tuple(fc.array(garbage, { minLength: writers, maxLength: writers }), garbage)
  .map(([parts, first]) =>
    [
      first,
      ...parts.map((part, index) => `\n[profile w${index}]\nvalue = 0  end\n[other]\n${part}`),
    ].join(''),
  )
  .map((text) => Buffer.from(text.toWellFormed()))

test.for(
  fc
    .sample(file, { numRuns: 3, seed: 20_261_120 })
    .map((before, index) => [index, before] as const),
)(
  'keeps every byte but the twenty profiles that twenty write at once, each killed at any moment: %i',
  { timeout: 120_000 },
  async ([, before]) => {
    const folder = mkdtempSync(join(tmpdir(), 'postern-writers-'))
    onTestFinished(() => {
      rmSync(folder, { recursive: true, force: true })
    })
    const path = join(folder, 'config')
    writeFileSync(path, before)
    const one = async (index: number): Promise<void> => {
      const args = [script, path, `profile w${index}`]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      await delay(Math.random() * 1_500)
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    await Promise.all(Array.from({ length: writers }, (_, index) => one(index)))
    // Nobody holds the lock, and what a dead one left behind is cleared away.
    await changeFile(path, heldSurroundings(), (bytes) => Buffer.concat([bytes, Buffer.from('#')]))
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([])
    const after = readFileSync(path, 'latin1')
    const unwritten = (text: string): string => text.replaceAll(written, '$1value')
    expect(unwritten(after)).toBe(`${unwritten(before.toString('latin1'))}#`)
    const values = [...after.matchAll(/\[profile w\d+\]\nvalue = (\d+) /g)].map(
      ([, value]) => value,
    )
    expect(values).toHaveLength(writers)
    // Otherwise nobody wrote anything, and nothing was shown.
    expect(values.filter((value) => value !== '0').length).toBeGreaterThan(3)
  },
)
