import { z } from 'zod'
import type { StoredBrowserSession } from './browser-session-store.ts'
import type { Identity } from './identity.ts'

/** How long a browser session may last. Seconds. */
export interface BrowserSessionLife {
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

/** What a browser session holds: who signed in, and the token of the forms. No secret of AWS. */
export interface BrowserSession {
  readonly identity: Identity
  readonly csrfToken: string
}

const touchEveryMilliseconds = 60_000

const schema = z.object({
  identity: z.object({
    person: z.object({ people: z.string().min(1), id: z.string().min(1) }),
    name: z.string().min(1),
    displayName: z.string().optional(),
    email: z.string().optional(),
    method: z.string().min(1),
    methodLabel: z.string(),
    groups: z.array(z.string()),
    attributes: z.record(z.string(), z.array(z.string())),
    authenticatedAt: z.number(),
    breakGlass: z.boolean(),
  }),
  csrfToken: z.string().min(32),
})

/** The earlier of the idle and the absolute end. Milliseconds since the epoch. */
export function sessionEnd(createdAt: number, seenAt: number, life: BrowserSessionLife): number {
  return Math.min(seenAt + life.idleSeconds * 1000, createdAt + life.absoluteSeconds * 1000)
}

/** Whether the last sight of a session is old enough to be written down: once a minute, not once a request. */
export function touchDue(session: StoredBrowserSession, now: number): boolean {
  return now - session.lastSeenAt >= touchEveryMilliseconds
}

export function writeBrowserSession(session: BrowserSession): string {
  return JSON.stringify(session)
}

/** Undefined where the text is no session of this version; its owner signs in again. */
export function readBrowserSession(text: string): BrowserSession | undefined {
  const parsed = schema.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  const { identity, csrfToken } = parsed.data
  const { displayName, email } = identity
  return { identity: { ...identity, displayName, email }, csrfToken }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
