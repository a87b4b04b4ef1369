import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { ReloadedFiles } from '../../src/keys/reloaded-files.ts'
import { RecordingLogger } from '../support/recording-logger.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-reloaded-'))
  file = join(folder, 'file')
  writeFileSync(file, 'one')
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** The files under a clock that a test moves on, look by look. */
async function watched() {
  const logger = new RecordingLogger()
  const state = { reloads: 0, broken: false }
  let wake: (() => void) | undefined
  const sleep = (_: number, signal?: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    wake = () => {
      resolve(undefined)
    }
    signal?.addEventListener('abort', () => {
      reject(new Error('aborted'))
    })
    return promise
  }
  const files = new ReloadedFiles({
    files: [file],
    reload: () => {
      state.reloads += 1
      return state.broken ? Promise.reject(new Error('half a file')) : Promise.resolve()
    },
    effects: { sleep },
    logger,
  })
  onTestFinished(() => {
    files.close()
  })
  await files.mark()
  files.start()
  /** One look, and everything that comes of it. */
  const look = async (): Promise<void> => {
    const before = wake
    await expect.poll(() => before).toBeDefined()
    before?.()
    await expect.poll(() => wake !== before).toBe(true)
  }
  return { files, state, logger, look }
}

test('files are read again when they change, and not before', async () => {
  const { state, look } = await watched()
  await look()
  expect(state.reloads).toBe(0)
  writeFileSync(file, 'three')
  await look()
  await look()
  expect(state.reloads).toBe(1)
})

test('a link that leads elsewhere is a change, as mounted secrets have it', async () => {
  writeFileSync(join(folder, 'a'), 'same')
  writeFileSync(join(folder, 'b'), 'same')
  rmSync(file)
  symlinkSync(join(folder, 'a'), file)
  const { state, look } = await watched()
  symlinkSync(join(folder, 'b'), `${file}.new`)
  renameSync(`${file}.new`, file)
  await look()
  expect(state.reloads).toBe(1)
})

test('what can’t be read is tried again until it can, and told once', async () => {
  const { files, state, logger, look } = await watched()
  state.broken = true
  writeFileSync(file, 'half')
  await look()
  await look()
  expect(files.fault).toBe('half a file')
  expect(state.reloads).toBe(2)
  expect(logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  state.broken = false
  await look()
  expect(files.fault).toBeUndefined()
  await look()
  expect(state.reloads).toBe(3)
})

test('on demand they are read at once, changed or not, and nothing is thrown', async () => {
  const { files, state } = await watched()
  await files.reload()
  expect(state.reloads).toBe(1)
  state.broken = true
  await files.reload()
  expect(files.fault).toBe('half a file')
})

test('a change between the first look and the start is not missed', async () => {
  const files = new ReloadedFiles({
    files: [file],
    reload: () => {
      reloads += 1
      return Promise.resolve()
    },
    effects: { sleep: () => (reloads === 0 ? Promise.resolve() : new Promise(() => undefined)) },
    logger: new RecordingLogger(),
  })
  let reloads = 0
  await files.mark()
  writeFileSync(file, 'changed')
  files.start()
  await expect.poll(() => reloads).toBe(1)
  files.close()
})
