import type { AuditLineStore } from '../audit/audit-line-store.ts'
import type { Effects } from '../effects.ts'
import { StateUnavailable } from '../errors.ts'
import type { AttemptStore } from '../identity/attempt-store.ts'
import type { BrowserSessionStore } from '../identity/browser-session-store.ts'
import type { ClaimStore } from '../identity/claim-store.ts'
import type { SignInStateStore } from '../identity/sign-in-state-store.ts'
import type { TerminalCodeStore } from '../identity/terminals/terminal-code-store.ts'
import type { TerminalStore } from '../identity/terminals/terminal-store.ts'
import type { RoleSessionStore } from '../web/role-sessions/role-session-store.ts'
import { sqliteAttempts } from './sqlite-attempt-store.ts'
import { sqliteAuditLines } from './sqlite-audit-line-store.ts'
import { sqliteBrowserSessions } from './sqlite-browser-session-store.ts'
import { sqliteClaims } from './sqlite-claim-store.ts'
import { SqliteDatabase } from './sqlite-database.ts'
import { sqliteRoleSessions } from './sqlite-role-session-store.ts'
import { sqliteSignInStates } from './sqlite-sign-in-state-store.ts'
import { sqliteTerminalCodes } from './sqlite-terminal-code-store.ts'
import { sqliteTerminals } from './sqlite-terminal-store.ts'
import { healthProbe } from './state-health.ts'

/** Everything that the broker keeps. */
export interface State {
  readonly browserSessions: BrowserSessionStore
  readonly claims: ClaimStore
  readonly signInStates: SignInStateStore
  readonly attempts: AttemptStore
  readonly roleSessions: RoleSessionStore
  readonly terminals: TerminalStore
  readonly terminalCodes: TerminalCodeStore
  readonly auditLines: AuditLineStore
  /** Resolves when a write could be made durable now; rejects with StateUnavailable. For readiness. */
  check(): Promise<void>
  /** Deletes what has expired at `now` (milliseconds since the epoch); gives the number of rows. */
  sweep(now: number): Promise<number>
  /** Waits for the writes that are on their way, then closes. */
  close(): Promise<void>
}

/**
 * Opens the state at `sqlite:/absolute/path` or `sqlite::memory:`, creating the file when there is none. `onFailure` is
 * called for each write that the database refused. Throws StateUnavailable, in words for the person who starts Postern.
 */
export function openState(
  location: string,
  effects: Pick<Effects, 'now' | 'sleep'>,
  { onFailure = () => undefined }: { onFailure?: () => void } = {},
): State {
  const database = new SqliteDatabase(pathIn(location), effects, onFailure)
  const stores = {
    browserSessions: sqliteBrowserSessions(database),
    claims: sqliteClaims(database),
    signInStates: sqliteSignInStates(database),
    attempts: sqliteAttempts(database, effects),
    roleSessions: sqliteRoleSessions(database),
    terminals: sqliteTerminals(database),
    terminalCodes: sqliteTerminalCodes(database),
  }
  return {
    ...stores,
    auditLines: sqliteAuditLines(database),
    check: healthProbe(database),
    sweep: async (now) => {
      let rows = 0
      for (const store of Object.values(stores)) rows += await store.deleteExpired(now)
      return rows
    },
    close: () => database.close(),
  }
}

function pathIn(location: string): string {
  if (/^postgres(ql)?:/i.test(location)) {
    throw new StateUnavailable(
      'This version of Postern keeps its state in SQLite only. Set `state` to `sqlite:./data/postern.db`.',
    )
  }
  const path = /^sqlite:(?<path>.+)$/.exec(location)?.groups?.['path']
  if (path !== undefined) return path
  throw new StateUnavailable(
    '`state` names no database that Postern knows. Set it to `sqlite:./data/postern.db`.',
  )
}
