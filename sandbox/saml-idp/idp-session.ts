import { z } from 'zod'
import { headerValues, type SandboxRequest } from '../http/request.ts'
import type { Seal } from '../sessions/seal.ts'

const party = z.object({
  entityId: z.string(),
  nameId: z.object({ value: z.string(), format: z.string() }),
})

const idpSession = z.object({
  /** ID of the user; undefined while a sign-out goes from party to party. */
  user: z.string().optional(),
  sessionIndex: z.string(),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  endsAt: z.number(),
  /** Service providers that were told who this is. */
  parties: z.array(party),
  /** The sign-out under way: the request that waits for its answer, and who could not be reached. */
  leaving: z
    .object({ requestId: z.string(), entityId: z.string(), failed: z.array(z.string()) })
    .optional(),
})

/** A browser's session with the identity provider. It travels, sealed, in a cookie. */
export type IdpSession = z.infer<typeof idpSession>

const COOKIE = 'postern-sandbox-idp'
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax'

/** The Set-Cookie value that keeps a session. */
export function idpCookie(seal: Seal, session: IdpSession): string {
  return `${COOKIE}=${seal.seal('idp-session', session, 'base64url')}; ${ATTRIBUTES}`
}

export const endedIdpCookie = `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`

/** The live session of a browser, or undefined. */
export function readIdpSession(
  seal: Seal,
  request: SandboxRequest,
  now: Date,
): IdpSession | undefined {
  const cookies = headerValues(request, 'cookie').flatMap((line) => line.split('; '))
  const value = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
  const session = value && seal.open('idp-session', value, idpSession, 'base64url')
  return session && session.endsAt > now.getTime() ? session : undefined
}
