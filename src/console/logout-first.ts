const bare = 'https://signin.aws.amazon.com'
/** The only host that follows `redirect_uri` after a log-out; the URL it leads to must be on it too. */
const logoutOrigin = 'https://us-east-1.signin.aws.amazon.com'

/**
 * The sign-in URL behind a log-out, for a browser that is in another account already and has no multi-session. As
 * secret as the URL itself. Undefined where AWS is not known to support it: regional hosts and other partitions. AWS
 * documents none of this; several tools found it out.
 */
export function logoutFirstUrl(signInUrl: string): string | undefined {
  if (!signInUrl.startsWith(`${bare}/`)) return undefined
  const url = new URL('/oauth', logoutOrigin)
  url.search = new URLSearchParams({
    Action: 'logout',
    redirect_uri: `${logoutOrigin}${signInUrl.slice(bare.length)}`,
  }).toString()
  return url.href
}
