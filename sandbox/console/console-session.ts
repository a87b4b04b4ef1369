import { z } from 'zod'
import { headerValues, type SandboxRequest } from '../http/request.ts'
import type { Seal } from '../sessions/seal.ts'

const consoleSession = z.object({
  arn: z.string(),
  account: z.string(),
  userId: z.string(),
  sourceIdentity: z.string().optional(),
  /** Where to sign in again. */
  issuer: z.string().optional(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number(),
})

export type ConsoleSession = z.infer<typeof consoleSession>

const COOKIE = 'postern-sandbox-console'
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax'

/** The Set-Cookie value of a console session. It outlives the session, so that its end can be told. */
export function consoleCookie(seal: Seal, session: ConsoleSession): string {
  const value = seal.seal('console', session, 'base64url')
  return `${COOKIE}=${value}; ${ATTRIBUTES}; Max-Age=86400`
}

export const endedConsoleCookie = `${COOKIE}=; ${ATTRIBUTES}; Max-Age=0`

/** The console session of a browser, expired or not; undefined when there is none. */
export function readConsoleSession(
  seal: Seal,
  request: SandboxRequest,
): ConsoleSession | undefined {
  const cookies = headerValues(request, 'cookie').flatMap((line) => line.split('; '))
  const value = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1)
  return value === undefined ? undefined : seal.open('console', value, consoleSession, 'base64url')
}
