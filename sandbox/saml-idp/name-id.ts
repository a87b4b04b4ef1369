import { randomBytes } from 'node:crypto'
import type { IdpUser } from './demo-users.ts'

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
const EMAIL = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'

/** The formats that a service provider may ask for. */
export const NAME_ID_FORMATS: readonly string[] = [PERSISTENT, TRANSIENT, EMAIL, UNSPECIFIED]

/** A name for somebody, in a format of SAML core §8.3. */
export interface NameId {
  readonly value: string
  readonly format: string
}

/** The person's name in that format, persistent unless asked otherwise; undefined for a format that isn't offered. */
export function nameIdFor(user: IdpUser, format = UNSPECIFIED): NameId | undefined {
  switch (format) {
    case PERSISTENT:
    case UNSPECIFIED:
      return { value: user.id, format: PERSISTENT }
    case TRANSIENT:
      return { value: `_${randomBytes(16).toString('hex')}`, format }
    case EMAIL:
      return { value: user.email, format }
    default:
      return undefined
  }
}
