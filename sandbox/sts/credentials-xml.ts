import type { TemporaryCredentials } from '../sessions/session.ts'
import { wholeSeconds, type XmlFields } from './xml.ts'

/** The `Credentials` element of every action that issues some. */
export function credentialsXml(credentials: TemporaryCredentials): XmlFields {
  return [
    ['AccessKeyId', credentials.accessKeyId],
    ['SecretAccessKey', credentials.secretAccessKey],
    ['SessionToken', credentials.sessionToken],
    ['Expiration', wholeSeconds(credentials.expiration)],
  ]
}

/** The largest MinimumSessionTokenSize that one may ask for, in bytes. */
export const TOKEN_LIMIT = 4096

/** How large the session token came out. */
export function tokenSizeXml({ sessionToken }: TemporaryCredentials): XmlFields {
  const size = sessionToken.length
  return [
    // Of which maximum AWS takes the percentage is not documented; ours is the largest size one may ask for.
    ['SessionTokenUtilization', Math.min(100, Math.ceil((100 * size) / TOKEN_LIMIT))],
    ['SessionTokenSize', size],
  ]
}
