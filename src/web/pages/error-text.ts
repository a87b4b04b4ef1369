/** One heading for each failure that the broker foresees, by the class's name. */
const headings: Readonly<Record<string, string>> = {
  InvalidRequest: 'Postern can’t read that request',
  InvalidDuration: 'That duration can’t be had',
  InvalidDestination: 'That address is not a console of AWS',
  SignInRequired: 'Sign in first',
  SignInAgain: 'Sign in again',
  SignInFailed: 'You are not signed in',
  SamlRefusal: 'You are not signed in',
  CertificateRefusal: 'You are not signed in',
  AccessDenied: 'That role is not granted to you',
  AccountRefused: 'Your account can’t be used now',
  DirectoryUnavailable: 'Your company’s directory doesn’t answer',
  CrossSiteRequest: 'That request came from elsewhere',
  NotFound: 'Nothing is here',
  MethodNotAllowed: 'That address takes no such request',
  ContentTooLarge: 'That was too much to send',
  MisdirectedRequest: 'Postern has another address',
  TooManyRequests: 'Too many tries',
  AwsRefused: 'AWS refused',
  AwsUnavailable: 'AWS doesn’t answer',
  AuditUnavailable: 'Postern can’t keep its record',
  ProviderUnavailable: 'That way to sign in is closed for now',
  StateUnavailable: 'Postern can’t reach its database',
}

/** What is said of a failure that nobody foresaw. Its cause is in the log, under the request ID. */
export const unforeseen = {
  heading: 'Postern failed',
  message:
    'Something went wrong inside Postern, and its log says what. Try once more. If it stays so, tell whoever runs Postern the request ID below.',
}

/** What is said of a request that the HTTP layer refused before Postern looked at it. */
export const unreadable =
  'The request was malformed, too large, or of a kind that this address does not take. Go back and try once more.'

/** The heading of an error page, by the name of the error's class. */
export function headingOf(name: string, status: number): string {
  return headings[name] ?? (status < 500 ? 'Postern can’t do that' : unforeseen.heading)
}
