import { createHash } from 'node:crypto'
import type { ClaimStore } from '../claim-store.ts'
import type { GssServer, Gssapi } from './gssapi.ts'
import { type KerberosPrincipal, readPrincipal } from './kerberos-principal.ts'
import { KerberosRefusal, KerberosUnavailable } from './kerberos-refusal.ts'
import type { NegotiateToken } from './negotiate-token.ts'

export interface AcceptTokenParts {
  readonly gssapi: Gssapi
  /** The GSS service name of Postern, `HTTP@postern.corp.example`: tickets for anything else are refused. */
  readonly service: string
  /** The one realm whose people are taken, as Kerberos writes it: `CORP.EXAMPLE`. */
  readonly realm: string
  readonly claims: ClaimStore
  /** ID of the sign-in method, which scopes the claims. */
  readonly method: string
  readonly now: () => Date
}

export interface AcceptedToken {
  readonly principal: KerberosPrincipal
  /** For `WWW-Authenticate: Negotiate` of the answer, in base64: Postern's own proof. */
  readonly mutualToken: string | undefined
}

/** Milliseconds for which a token can't be used again: longer than Kerberos takes it (5 minutes of skew each way). */
const tokenLife = 900_000

/**
 * Lets GSSAPI check a token, and takes it once: the replay cache of Kerberos knows one machine only, and can be off.
 * Rejects with KerberosRefusal, KerberosUnavailable, or StateUnavailable.
 */
export async function acceptToken(
  token: NegotiateToken,
  parts: AcceptTokenParts,
): Promise<AcceptedToken> {
  const server = await startServer(parts)
  try {
    await server.step(token.text)
  } catch (cause) {
    throw new KerberosRefusal('kerberos_ticket', { found: messageOf(cause), cause })
  }
  if (!server.contextComplete) throw new KerberosRefusal('kerberos_incomplete')
  const principal = readPrincipal(server.username ?? '')
  if (!principal) throw new KerberosRefusal('kerberos_name')
  if (principal.realm !== parts.realm) {
    throw new KerberosRefusal('kerberos_realm', { found: `Found: ${principal.realm}.` })
  }
  const digest = createHash('sha256').update(token.authenticator).digest('base64url')
  const until = parts.now().getTime() + tokenLife
  if (!(await parts.claims.claim(`kerberos:${parts.method}`, digest, until))) {
    throw new KerberosRefusal('kerberos_replay')
  }
  return { principal, mutualToken: server.response ?? undefined }
}

/** Gets ready for one token. Rejects with KerberosUnavailable where there is no key for the service. */
export async function startServer({
  gssapi,
  service,
}: Pick<AcceptTokenParts, 'gssapi' | 'service'>): Promise<GssServer> {
  try {
    return await gssapi.initializeServer(service)
  } catch (cause) {
    const detail = `no key for ${service}: ${messageOf(cause)}. Check KRB5_KTNAME.`
    throw new KerberosUnavailable(detail, cause)
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
