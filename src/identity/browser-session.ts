import { z } from 'zod'
import type { StoredBrowserSession } from './browser-session-store.ts'
import type { Identity } from './identity.ts'
import { storedIdentity } from './identity-text.ts'
import type { SamlSession } from './saml/saml-session.ts'

/** How long a browser session may last. Seconds. */
export interface BrowserSessionLife {
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

/** What a browser session holds: who signed in, and the token of the forms. No secret of AWS. */
export interface BrowserSession {
  readonly identity: Identity
  readonly csrfToken: string
  /** The session at the identity provider that this one came from. */
  readonly saml?: SamlSession | undefined
}

const touchEveryMilliseconds = 60_000
/** Milliseconds by which clocks are corrected every day. */
const clockTolerance = 60_000

const schema = z.object({
  identity: storedIdentity,
  csrfToken: z.string().min(32),
  saml: z
    .object({
      nameId: z.object({
        value: z.string(),
        format: z.string().optional(),
        nameQualifier: z.string().optional(),
        spNameQualifier: z.string().optional(),
      }),
      sessionIndex: z.string().optional(),
      endsAt: z.number().optional(),
    })
    .optional(),
})

type StoredSaml = NonNullable<z.output<typeof schema>['saml']>

/**
 * When a sign-in ends whatever its owner does: with the session at the identity provider, or with the certificate that
 * proved it. Milliseconds since the epoch; undefined where nothing sets an end.
 */
export function proofEnd({
  identity,
  saml,
}: Pick<BrowserSession, 'identity' | 'saml'>): number | undefined {
  const ends = [identity.endsAt, saml?.endsAt].filter((end) => end !== undefined)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** The earliest of the idle end, the absolute end, and that of what proved the sign-in. Milliseconds since the epoch. */
export function sessionEnd(
  createdAt: number,
  seenAt: number,
  life: BrowserSessionLife,
  proof: Pick<BrowserSession, 'identity' | 'saml'>,
): number {
  const idle = seenAt + life.idleSeconds * 1000
  const absolute = createdAt + life.absoluteSeconds * 1000
  return Math.min(idle, absolute, proofEnd(proof) ?? absolute)
}

/** Whether a session began long after now: the clock was set back since, and its ends would come as much too late. */
export function beganLater({ createdAt }: StoredBrowserSession, now: number): boolean {
  return createdAt > now + clockTolerance
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
  const { identity, csrfToken, saml } = parsed.data
  return { identity, csrfToken, saml: saml && readSaml(saml) }
}

function readSaml({ nameId, sessionIndex, endsAt }: StoredSaml): SamlSession {
  const { value, format, nameQualifier, spNameQualifier } = nameId
  return { nameId: { value, format, nameQualifier, spNameQualifier }, sessionIndex, endsAt }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
