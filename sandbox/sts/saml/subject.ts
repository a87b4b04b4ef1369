import { createHash } from 'node:crypto'
import type { SamlProviderEntry } from '../../world/saml-providers.ts'

const PREFIX = 'urn:oasis:names:tc:SAML:2.0:nameid-format:'

/** `persistent`, `transient`, ...; formats of other versions of SAML stay whole (STS API Reference, SubjectType). */
export function shortFormat(format: string): string {
  return format.startsWith(PREFIX) ? format.slice(PREFIX.length) : format
}

/** Base64 of SHA-1 over issuer, account and provider (STS API Reference, NameQualifier). */
export function nameQualifier(
  issuer: string,
  { account, name }: Pick<SamlProviderEntry, 'name'> & { account: { readonly id: string } },
): string {
  return createHash('sha1').update(`${issuer}${account.id}/${name}`).digest('base64')
}
