import type { Identity } from '../../identity/identity.ts'
import type { Exchange } from '../exchange.ts'

/** Somebody who has proven to the API who they are. */
export interface ApiCaller {
  readonly identity: Identity
  readonly by: 'token' | 'ticket' | 'certificate'
  /** Digest of the terminal's sign-in, which a cache of credentials goes by; undefined for certificates and tickets. */
  readonly asker: string | undefined
  /** ID of the sign-in that the token belongs to, for the trail. */
  readonly terminal?: string | undefined
  /** When a new sign-in is due, milliseconds since the epoch; undefined where every request is one. */
  readonly endsAt?: number | undefined
  /** Records the sign-in where each request is one: only once the person is within their limits. Rejects with AuditUnavailable. */
  readonly record?: (() => Promise<void>) | undefined
}

/** One way to prove it: a token, a ticket or a certificate. Never a cookie. */
export interface ApiWay {
  /** What a 401 offers by it in WWW-Authenticate (RFC 9110 §11.6.1): `Bearer`, `Negotiate`; undefined for certificates. */
  readonly challenge: string | undefined
  /** Whether the request brings what this way takes. Exactly one way may; two at once are refused. */
  claims(exchange: Exchange): boolean
  /** Rejects with SignInFailed (or a subclass), TooManyRequests, StateUnavailable or AuditUnavailable; refusals are recorded. */
  authenticate(exchange: Exchange): Promise<ApiCaller>
}
