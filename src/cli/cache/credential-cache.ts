import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HeldSession } from '../held-session.ts'
import type { Surroundings } from '../surroundings.ts'
import type { CacheKey } from './cache-key.ts'
import { ownFolder, readOwnFile, writeOwnFile } from './own-files.ts'

const formatVersion = 1
// CreateSession gives at most twelve hours.
const longestLife = 13 * 60 * 60_000
const lockFiles = 64
const mostSwept = 1_000

/** Credentials in the user's own cache folder, one 0600 file for each request. */
export class CredentialCache {
  readonly #folder: string
  readonly #surroundings: Surroundings

  /** NotOurs when the folder is not the user's alone; the system's own error when it can't be made. */
  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.#folder = cacheFolder(surroundings)
    ownFolder(this.#folder, surroundings)
  }

  /** What was put there for this very request, fresh or not; undefined when there is nothing. NotOurs as above. */
  get(key: CacheKey): HeldSession | undefined {
    const text = readOwnFile(this.#file(key), this.#surroundings)
    return text === undefined ? undefined : entryOf(text, key)
  }

  put(key: CacheKey, session: HeldSession): void {
    const suffix = this.#surroundings.effects.randomBytes(8).toString('hex')
    const entry = { version: formatVersion, key: key.text, session }
    writeOwnFile(this.#file(key), `${JSON.stringify(entry)}\n`, suffix)
    this.#sweep()
  }

  /** The lock that keeps two processes from asking AWS the same. A few files serve all keys, so that none pile up. */
  lockFile({ stem }: CacheKey): string {
    const number = Number.parseInt(stem.slice(-4), 16) % lockFiles
    return join(this.#folder, `${number}.lock`)
  }

  /** Forgets each entry whose key begins so. */
  drop(keyStart: string): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name)
      if (!name.endsWith('.json')) continue
      const text = readOwnFile(path, this.#surroundings)
      if (text?.startsWith(entryStart(keyStart))) rmSync(path, { force: true })
    }
  }

  #file({ stem }: CacheKey): string {
    return join(this.#folder, `${stem}.json`)
  }

  #sweep(): void {
    const now = this.#surroundings.effects.now().getTime()
    for (const name of readdirSync(this.#folder).slice(0, mostSwept)) {
      if (!/\.(?:json|tmp)$/.test(name)) continue
      const path = join(this.#folder, name)
      const stats = statSync(path, { throwIfNoEntry: false })
      if (stats && now - stats.mtimeMs > longestLife) rmSync(path, { force: true })
    }
  }
}

/** Where a cache belongs on each system (XDG Base Directory Specification; Apple, "File System Basics"). */
function cacheFolder({ env, home, platform }: Surroundings): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'postern', 'cache')
  if (xdg?.startsWith('/')) return join(xdg, 'postern')
  return platform === 'darwin' ? join(home, 'Library/Caches/postern') : join(home, '.cache/postern')
}

// How an entry is written; its key is a JSON string.
function entryStart(keyStart: string): string {
  return JSON.stringify({ version: formatVersion, key: keyStart }).replace(/"\}$/, '')
}

function entryOf(text: string, key: CacheKey): HeldSession | undefined {
  let entry: unknown
  try {
    entry = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isRecord(entry) || entry['version'] !== formatVersion || entry['key'] !== key.text) return
  const session = entry['session']
  return isHeldSession(session) ? session : undefined
}

function isHeldSession(value: unknown): value is HeldSession {
  if (!isRecord(value)) return false
  const texts = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration']
  const numbers = ['obtained', 'certificateEnds']
  return (
    texts.every((name) => typeof value[name] === 'string' && value[name] !== '') &&
    numbers.every((name) => typeof value[name] === 'number') &&
    !Number.isNaN(Date.parse(String(value['expiration'])))
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
