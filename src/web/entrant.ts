import type { Identity, PassedAssertion } from '../identity/identity.ts'
import type { SamlSession } from '../identity/saml/saml-session.ts'
import type { SignedIn } from './visitor.ts'

/** Somebody whom a sign-in method has let in. */
export class Entrant implements SignedIn {
  readonly identity: Identity
  /** The session at the identity provider, where there is one. */
  readonly saml: SamlSession | undefined
  /** Where to go on to: a path of ours, or undefined for home. */
  readonly destination: string | undefined
  /** The response that may be passed on to AWS. */
  readonly assertion: PassedAssertion | undefined
  /** What a Kerberos client is answered with: Postern's own proof. */
  readonly mutualToken: string | undefined
  /** Serial number of the client certificate, hexadecimal. */
  readonly certificateSerial: string | undefined

  constructor(
    identity: Identity,
    {
      saml,
      destination,
      assertion,
      mutualToken,
      certificateSerial,
    }: {
      readonly saml?: SamlSession
      readonly destination?: string | undefined
      readonly assertion?: PassedAssertion
      readonly mutualToken?: string | undefined
      readonly certificateSerial?: string | undefined
    } = {},
  ) {
    this.identity = identity
    this.saml = saml
    this.destination = destination
    this.assertion = assertion
    this.mutualToken = mutualToken
    this.certificateSerial = certificateSerial
  }
}
