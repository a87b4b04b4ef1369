/** What AWS does not document, or lets differ, as one switch each. `defaultSwitches` says what stands behind the default. */
export interface Switches {
  /** The region that requests must be signed for; undefined accepts any. */
  readonly region: string | undefined
  /** Refuse requests with an `x-amz-*` header outside SignedHeaders. */
  readonly requireSignedAmzHeaders: boolean
  /** Refuse presigned requests after their X-Amz-Expires. */
  readonly enforcePresignedExpiry: boolean
  /** Bytes that policies and tags may take once packed. */
  readonly packedPolicyLimit: number
  /** Whether a sign-in token works more than once. */
  readonly signinTokenReuse: boolean
  /** Whether SessionDuration is accepted with credentials from Roles Anywhere. */
  readonly rolesAnywhereSessionDuration: boolean
  /** Whether credentials from GetSessionToken can sign in. */
  readonly sessionTokenSignIn: boolean
  /** Accept only whole hours (and 900) as SessionDuration. */
  readonly refuseOddSessionDuration: boolean
  /** Hosts, beside the sandbox itself and AWS's consoles, that a Destination may name. */
  readonly extraDestinationHosts: readonly string[]
  /** Answer a sign-in over another identity's session with "You must first log out". */
  readonly logOutFirst: boolean
  /** The federation endpoint's error page: the branded one with a CSP header, or the older plain text. */
  readonly federationErrorPage: 'branded' | 'plain'
  /** Audiences that STS and the console's sign-in take an assertion for. */
  readonly samlAudiences: readonly string[]
  /** How far ahead the clock of a SAML identity provider may be. */
  readonly samlClockSkewSeconds: number
  /** Take SAML signatures made with SHA-1. */
  readonly samlSha1: boolean
  /** How far X-Amz-Date may be from ours in requests to Roles Anywhere, and validity periods with it. */
  readonly rolesAnywhereClockSkewSeconds: number
}

export const defaultSwitches: Switches = {
  region: undefined,
  // AWS says that all x-amz-* headers should be signed; every SDK does.
  requireSignedAmzHeaders: true,
  // aws-iam-authenticator says that STS takes 15 minutes whatever X-Amz-Expires says.
  enforcePresignedExpiry: false,
  // AWS keeps the algorithm to itself; ours is in sts/packed-policy.ts.
  packedPolicyLimit: 1024,
  // AWS's VS Code toolkit keeps sign-in tokens and uses them again.
  signinTokenReuse: true,
  // No statement was found: the strict answer shows what must not be relied on.
  rolesAnywhereSessionDuration: false,
  // Tools saw it break and turned to GetFederationToken.
  sessionTokenSignIn: false,
  // One tool saw odd values refused now and then.
  refuseOddSessionDuration: false,
  // Whether AWS checks the host at all is not documented. A sandbox must not be an open redirector.
  extraDestinationHosts: [],
  // With multi-session, which each user may turn on in AWS's console, there is no such page.
  logOutFirst: false,
  federationErrorPage: 'branded',
  // The first two are documented, the third is what AWS's guide for JDBC drivers uses.
  samlAudiences: [
    'urn:amazon:webservices',
    'https://signin.aws.amazon.com/saml',
    'urn:amazon:webservices:jdbc',
  ],
  // AWS publishes no figure.
  samlClockSkewSeconds: 300,
  // Whether AWS still takes it is not documented; nobody should rely on it.
  samlSha1: false,
  // AWS publishes no figure.
  rolesAnywhereClockSkewSeconds: 300,
}
