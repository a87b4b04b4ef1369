import type { Request } from 'express'
import { SignInRequired } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { SamlSession } from '../identity/saml/saml-session.ts'

/** Who is signed in, as passport keeps it in the session. */
export interface SignedIn {
  readonly identity: Identity
  /** The session at the identity provider that this sign-in came from. */
  readonly saml?: SamlSession | undefined
}

declare module 'express-session' {
  interface SessionData {
    passport?: { user: SignedIn }
    /** When the session began and was last seen, milliseconds since the epoch. */
    times?: { createdAt: number; seenAt: number }
  }
}

/** Undefined for visitors, and on addresses that have no sessions. */
export function signInOf(request: Request): SignedIn | undefined {
  return 'session' in request ? request.session.passport?.user : undefined
}

/** Undefined for visitors, and on addresses that have no sessions. */
export function identityOf(request: Request): Identity | undefined {
  return signInOf(request)?.identity
}

/** The session at the identity provider, of whoever is signed in by one. */
export function samlSessionOf(request: Request): SamlSession | undefined {
  return signInOf(request)?.saml
}

/** For handlers behind `signed-in`; throws SignInRequired where that was forgotten. */
export function signedInIdentity(request: Request): Identity {
  const identity = identityOf(request)
  if (!identity) throw new SignInRequired('Sign in first.')
  return identity
}
