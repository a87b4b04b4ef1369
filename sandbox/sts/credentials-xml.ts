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
