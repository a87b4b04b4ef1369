export interface SignInUrlParts {
  /** `https://signin.aws.amazon.com/federation`. */
  readonly federationEndpoint: string
  readonly signInToken: string
  readonly destination: string
  /** Where AWS sends people when the console session has ended. */
  readonly issuerUrl: string
}

/** The URL that signs in: a bearer secret (IAM User Guide, "Enable custom identity broker access to the AWS console"). */
export function signInUrl(parts: SignInUrlParts): string {
  const url = new URL(parts.federationEndpoint)
  url.search = new URLSearchParams({
    Action: 'login',
    Issuer: parts.issuerUrl,
    Destination: parts.destination,
    SigninToken: parts.signInToken,
  }).toString()
  return url.href
}
