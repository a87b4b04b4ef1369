import type {
  StoredTerminalCode,
  TerminalCodeStore,
} from '../identity/terminals/terminal-code-store.ts'
import { integer, optionalText, type Row, text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { terminalRows } from './sqlite-terminal-rows.ts'

const impatienceSeconds = 5
const longestWaitSeconds = 60
/** Networks don't keep time: who waits as told may still seem early. */
const toleranceSeconds = 1

/** Codes of the command line's sign-ins in SQLite. */
export function sqliteTerminalCodes(database: SqliteDatabase): TerminalCodeStore {
  const rows = terminalRows(database)
  const insert = database.prepare(`
    INSERT INTO terminal_codes (hash, user_code_hash, terminal, facts, standing, identity, ends_at,
      poll_seconds, polled_at, created_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING`)
  const read = database.prepare('SELECT * FROM terminal_codes WHERE hash = ? AND expires_at > ?')
  const byUserCode = database.prepare(
    'SELECT * FROM terminal_codes WHERE user_code_hash = ? AND expires_at > ?',
  )
  const decide = database.prepare(`
    UPDATE terminal_codes SET standing = ?2, identity = ?3, ends_at = ?4
    WHERE hash = ?1 AND standing = 'pending' AND expires_at > ?5`)
  const lastPoll = database.prepare(
    'SELECT poll_seconds, polled_at FROM terminal_codes WHERE hash = ?',
  )
  const poll = database.prepare(
    'UPDATE terminal_codes SET poll_seconds = ?, polled_at = ? WHERE hash = ?',
  )
  const use = database.prepare(`
    UPDATE terminal_codes SET standing = 'used'
    WHERE hash = ? AND standing = 'approved' AND expires_at > ?`)
  const used = database.prepare(
    `SELECT terminal FROM terminal_codes WHERE hash = ? AND standing = 'used'`,
  )
  const burn = database.prepare(`UPDATE terminal_codes SET standing = 'used' WHERE hash = ?`)
  const forget = database.prepare(`
    DELETE FROM terminal_codes
    WHERE rowid IN (SELECT rowid FROM terminal_codes WHERE expires_at <= ? LIMIT ?)`)

  return {
    insert: async (code, pollSeconds) => {
      const { hash, userCodeHash = null, terminal, facts, standing, identity = null } = code
      const values = [hash, userCodeHash, terminal, facts, standing, identity, code.endsAt ?? null]
      const { changes } = await database.write(() =>
        insert.run(...values, pollSeconds, code.createdAt, code.expiresAt),
      )
      return Number(changes) === 1
    },
    read: (hash, now) => database.read(() => decode(read.get(hash, now))),
    findByUserCode: (hash, now) => database.read(() => decode(byUserCode.get(hash, now))),
    decide: async (hash, decision, now) => {
      const denied = decision === 'denied'
      const { changes } = await database.write(() =>
        denied
          ? decide.run(hash, 'denied', null, null, now)
          : decide.run(hash, 'approved', decision.identity, decision.endsAt ?? null, now),
      )
      return Number(changes) === 1
    },
    poll: (hash, now) =>
      database.write(() => {
        const row = lastPoll.get(hash)
        if (!row) return true
        const wait = integer(row, 'poll_seconds')
        const early = now - integer(row, 'polled_at') < (wait - toleranceSeconds) * 1_000
        const longer = Math.min(wait + impatienceSeconds, longestWaitSeconds)
        poll.run(early ? longer : wait, now, hash)
        return !early
      }),
    redeem: (hash, terminal, tokens, now) =>
      database.write(() => {
        if (Number(use.run(hash, now).changes) === 1) {
          rows.insert(terminal)
          rows.insertTokens(terminal, tokens)
          return { outcome: 'redeemed' }
        }
        const row = used.get(hash)
        return row
          ? { outcome: 'reused', ended: rows.end(text(row, 'terminal'), now) }
          : { outcome: 'unknown' }
      }),
    burn: async (hash) => {
      await database.write(() => burn.run(hash))
    },
    deleteExpired: (now) => database.deleteInSlices(forget, now),
  }
}

function decode(row: Row | undefined): StoredTerminalCode | undefined {
  return (
    row && {
      hash: text(row, 'hash'),
      userCodeHash: optionalText(row, 'user_code_hash'),
      terminal: text(row, 'terminal'),
      facts: text(row, 'facts'),
      standing: standingIn(text(row, 'standing')),
      identity: optionalText(row, 'identity'),
      endsAt: row['ends_at'] === null ? undefined : integer(row, 'ends_at'),
      createdAt: integer(row, 'created_at'),
      expiresAt: integer(row, 'expires_at'),
    }
  )
}

function standingIn(value: string): StoredTerminalCode['standing'] {
  switch (value) {
    case 'pending':
    case 'approved':
    case 'denied':
      return value
    default:
      return 'used'
  }
}
