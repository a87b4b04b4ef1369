import { spawn } from 'node:child_process'
import type { Surroundings } from '../../surroundings.ts'
import { programPath } from '../program-path.ts'
import { browserWords } from './browser-words.ts'

// Whoever opens a browser either ends soon or has become it.
const patience = 3_000

/** Opens an address in the browser of the user; false where that did not work. */
export async function openBrowser(
  url: string,
  surroundings: Pick<Surroundings, 'env' | 'platform' | 'effects'>,
): Promise<boolean> {
  const [named = '', ...args] = browserWords(url, surroundings)
  const program = programPath(named, surroundings.env, surroundings.platform)
  if (program === undefined) return false
  const child = spawn(program, args, { stdio: 'ignore', detached: true, windowsHide: true })
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const settled = new AbortController()
  child.once('error', () => {
    resolve(false)
  })
  child.once('exit', (code) => {
    resolve(code === 0)
  })
  const waited = surroundings.effects.sleep(patience, settled.signal).then(
    () => true,
    () => true,
  )
  try {
    return await Promise.race([promise, waited])
  } finally {
    settled.abort()
    child.unref()
  }
}
