import { createHash } from 'node:crypto'
import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js'
import type { Effects } from '../effects.ts'
import type { AttemptRule, AttemptStore, AttemptVerdict } from '../identity/attempt-store.ts'
import { AttemptLimiter, type AttemptWindow, type AttemptWindows } from './attempt-limiter.ts'
import { integer, type Row } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

const allowed: AttemptVerdict = { allowed: true, retryAfterSeconds: 0 }

/**
 * Tries per key in SQLite: windows by rate-limiter-flexible, and a block that doubles each time. Blocks count as "in a
 * row" until a longest block has passed without another. Keys are kept as SHA-256: somebody will type a password into
 * the field for the name.
 */
export function sqliteAttempts(
  database: SqliteDatabase,
  { now }: Pick<Effects, 'now'>,
): AttemptStore {
  const windows = sqliteWindows(database, now)
  const block = blocker(database, now)
  const deleteExpired = database.prepare(`
    DELETE FROM attempts WHERE rowid IN
      (SELECT rowid FROM attempts WHERE max(expires_at, blocks_forgotten_at) <= ? LIMIT ?)`)
  const limiter = (rule: AttemptRule) => new AttemptLimiter(rule, windows(longestOf(rule)), now)

  return {
    consume: async (key, rule) => {
      const hash = hashOf(key)
      try {
        await limiter(rule).consume(hash)
        return allowed
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        const crossed = refusal.consumedPoints === rule.limit + 1
        return refused(crossed ? await block(hash, rule) : refusal.msBeforeNext)
      }
    },
    peek: async (key, rule) => {
      const window = await limiter(rule).get(hashOf(key))
      const room = window === null || window.consumedPoints < rule.limit
      return room ? allowed : refused(window.msBeforeNext)
    },
    reset: async (key) => {
      await windows(0).delete(hashOf(key))
    },
    deleteExpired: (at) => database.deleteInSlices(deleteExpired, at),
  }
}

/** Milliseconds by which clocks are corrected every day, and which forgive nobody a try. */
const clockTolerance = 60_000

/** Milliseconds that a window or a block of a rule can last. */
function longestOf({ windowSeconds, maxBlockSeconds }: AttemptRule): number {
  return Math.max(windowSeconds, maxBlockSeconds) * 1_000 + clockTolerance
}

/**
 * A window that would last for longer than the longest has none of its tries any more: the clock was set back, and
 * whoever was blocked would stay so for as long.
 */
function sqliteWindows(
  database: SqliteDatabase,
  now: Effects['now'],
): (longest: number) => AttemptWindows {
  const add = database.prepare(`
    INSERT INTO attempts (key_hash, points, expires_at) VALUES (?1, ?2, ?4 + ?3)
    ON CONFLICT (key_hash) DO UPDATE SET
      points = iif(expires_at > ?4 AND expires_at <= ?4 + ?5, points + ?2, ?2),
      expires_at = iif(expires_at > ?4 AND expires_at <= ?4 + ?5, expires_at, ?4 + ?3)
    RETURNING points, expires_at`)
  const read = database.prepare(
    'SELECT points, expires_at FROM attempts WHERE key_hash = ?1 AND expires_at > ?2 AND expires_at <= ?2 + ?3',
  )
  const remove = database.prepare('DELETE FROM attempts WHERE key_hash = ?')
  return (longest) => ({
    add: (key, points, milliseconds) =>
      database.write(() => {
        const row = add.get(key, points, milliseconds, now().getTime(), longest)
        if (row === undefined) throw new Error('the window was not counted')
        return decode(row)
      }),
    read: (key) =>
      database.read(() => {
        const row = read.get(key, now().getTime(), longest)
        return row && decode(row)
      }),
    delete: async (key) => {
      const { changes } = await database.write(() => remove.run(key))
      return Number(changes) > 0
    },
  })
}

/** Starts the next block of a key, and gives its length in milliseconds. */
function blocker(database: SqliteDatabase, now: Effects['now']) {
  const earlier = database.prepare(
    'SELECT blocks FROM attempts WHERE key_hash = ? AND blocks_forgotten_at > ?',
  )
  const start = database.prepare(
    'UPDATE attempts SET expires_at = ?, blocks = ?, blocks_forgotten_at = ? WHERE key_hash = ?',
  )
  return (key: string, rule: AttemptRule): Promise<number> =>
    database.write(() => {
      const at = now().getTime()
      const row = earlier.get(key, at)
      const blocks = row ? integer(row, 'blocks') : 0
      const seconds = Math.min(rule.blockSeconds * 2 ** Math.min(blocks, 40), rule.maxBlockSeconds)
      const ends = at + seconds * 1_000
      start.run(ends, blocks + 1, ends + rule.maxBlockSeconds * 1_000, key)
      return seconds * 1_000
    })
}

function refused(milliseconds: number): AttemptVerdict {
  return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1_000)) }
}

function decode(row: Row): AttemptWindow {
  return { points: integer(row, 'points'), expiresAt: integer(row, 'expires_at') }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
