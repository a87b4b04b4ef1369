import { Cookie, type SessionData, Store } from 'express-session'
import { createHash } from 'node:crypto'
import {
  beganLater,
  type BrowserSessionLife,
  readBrowserSession,
  sessionEnd,
  touchDue,
  writeBrowserSession,
} from '../../identity/browser-session.ts'
import type { BrowserSessionStore } from '../../identity/browser-session-store.ts'
import { personKey } from '../../identity/identity.ts'
import { logoutKeyOf } from '../../identity/saml/saml-session.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { WebDependencies } from '../dependencies.ts'

type Done = (error?: unknown) => void

/**
 * express-session's store over ours. The database sees only the SHA-256 of an ID. A session is written once, at sign-in,
 * and later only touched: a request that was under way can't bring back what a sign-out has deleted. There is no `touch`
 * of express-session's kind, which would write at every request.
 */
export class SessionStore extends Store {
  readonly #sessions: BrowserSessionStore
  readonly #life: BrowserSessionLife
  readonly #now: () => number
  readonly #logger: Logger
  /** express-session asks for a second write of what passport has just saved. */
  readonly #written = new WeakSet<SessionData>()

  constructor({ browserSessions, settings, effects, logger }: WebDependencies) {
    super()
    this.#sessions = browserSessions
    this.#life = settings.browserSession
    this.#now = () => effects.now().getTime()
    this.#logger = logger
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    this.#read(id).then(
      (found) => {
        done(null, found)
      },
      (error: unknown) => {
        done(error)
      },
    )
  }

  override set(id: string, session: SessionData, done: Done = () => undefined): void {
    settle(this.#written.has(session) ? Promise.resolve() : this.#write(id, session), done)
  }

  override destroy(id: string, done: Done = () => undefined): void {
    settle(this.#sessions.delete(hashOf(id)), done)
  }

  async #read(id: string): Promise<SessionData | null> {
    const now = this.#now()
    const idHash = hashOf(id)
    const stored = await this.#sessions.read(idHash, now)
    const content = stored && readBrowserSession(stored.data)
    if (!content) return null
    const end = (seenAt: number) => sessionEnd(stored.createdAt, seenAt, this.#life, content)
    if (beganLater(stored, now) || end(stored.lastSeenAt) <= now) return null
    let seenAt = stored.lastSeenAt
    if (touchDue(stored, now)) {
      seenAt = now
      await this.#touch(idHash, now, end(now))
    }
    return {
      cookie: new Cookie(),
      passport: { user: { identity: content.identity, saml: content.saml } },
      csrfToken: content.csrfToken,
      times: { createdAt: stored.createdAt, seenAt },
    }
  }

  /** A session that can't be touched ends early, which is no reason to refuse this request. */
  async #touch(idHash: string, now: number, end: number): Promise<void> {
    try {
      await this.#sessions.touch(idHash, now, end)
    } catch (error) {
      this.#logger.warn({ err: error }, 'a browser session could not be touched')
    }
  }

  async #write(id: string, session: SessionData): Promise<void> {
    const { passport, csrfToken, times } = session
    if (!passport || !csrfToken || !times) throw new Error('only a sign-in makes a browser session')
    const { identity, saml } = passport.user
    await this.#sessions.write({
      idHash: hashOf(id),
      data: writeBrowserSession({ identity, csrfToken, saml }),
      person: personKey(identity.person),
      logoutKey: saml && logoutKeyOf(identity.method, saml.nameId),
      createdAt: times.createdAt,
      lastSeenAt: times.createdAt,
      expiresAt: sessionEnd(times.createdAt, times.createdAt, this.#life, passport.user),
    })
    this.#written.add(session)
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url')
}

function settle(work: Promise<void>, done: Done): void {
  work.then(
    () => {
      done()
    },
    (error: unknown) => {
      done(error)
    },
  )
}
