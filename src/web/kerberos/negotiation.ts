import type { Request } from 'express'

/**
 * The credentials of a request that are meant for Kerberos, NTLM among them; undefined where there are none, and for other
 * schemes, which somebody in between may have added. Two headers come as one that no token is like.
 */
export function negotiationOf({ headersDistinct }: Request): string | undefined {
  const credentials = headersDistinct['authorization']?.join(', ')
  return credentials !== undefined && /^(?:negotiate|ntlm)\b/i.test(credentials)
    ? credentials
    : undefined
}
