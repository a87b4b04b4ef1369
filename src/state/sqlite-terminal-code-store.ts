import type { SQLInputValue, StatementSync } from 'node:sqlite'
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
  const claim = database.prepare(`
    UPDATE terminal_codes SET standing = 'claimed', identity = ?, ends_at = ?
    WHERE hash = ? AND standing = 'pending' AND expires_at > ?`)
  const approve = database.prepare(`
    UPDATE terminal_codes SET standing = 'approved'
    WHERE hash = ? AND standing = 'claimed' AND expires_at > ?`)
  const giveBack = database.prepare(`
    UPDATE terminal_codes SET standing = 'pending', identity = NULL, ends_at = NULL
    WHERE hash = ? AND standing = 'claimed'`)
  const deny = database.prepare(`
    UPDATE terminal_codes SET standing = 'denied'
    WHERE hash = ? AND standing = 'pending' AND expires_at > ?`)
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

  async function changed(
    statement: StatementSync,
    ...values: readonly SQLInputValue[]
  ): Promise<boolean> {
    const { changes } = await database.write(() => statement.run(...values))
    return Number(changes) === 1
  }

  return {
    insert: (code, pollSeconds) => {
      const { hash, userCodeHash = null, terminal, facts, standing, identity = null } = code
      const values = [hash, userCodeHash, terminal, facts, standing, identity, code.endsAt ?? null]
      return changed(insert, ...values, pollSeconds, code.createdAt, code.expiresAt)
    },
    read: (hash, now) => database.read(() => decode(read.get(hash, now))),
    findByUserCode: (hash, now) => database.read(() => decode(byUserCode.get(hash, now))),
    claim: (hash, { identity, endsAt = null }, now) => changed(claim, identity, endsAt, hash, now),
    approve: (hash, now) => changed(approve, hash, now),
    giveBack: async (hash) => {
      await database.write(() => giveBack.run(hash))
    },
    deny: (hash, now) => changed(deny, hash, now),
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
    redeem: (hash, { terminal, tokens }, most, now) =>
      database.write(() => {
        if (Number(use.run(hash, now).changes) === 1) {
          rows.insert(terminal)
          rows.insertTokens(terminal, tokens)
          return { outcome: 'redeemed', displaced: rows.displace(terminal, most, now) }
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
    case 'claimed':
    case 'approved':
    case 'denied':
      return value
    default:
      return 'used'
  }
}
