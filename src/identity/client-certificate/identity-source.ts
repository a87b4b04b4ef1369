import { createHash } from 'node:crypto'
import { CertificateRefusal, refuse } from './certificate-refusal.ts'
import type { CertificatePath } from './certificate-path.ts'
import { DerFault } from './der/der-reader.ts'
import type { PersonKey } from '../directory/person-key.ts'
import { alternativeNames } from './names/alternative-names.ts'
import { commonNames, readName, windowsIssuerAndSerial } from './names/distinguished-name.ts'
import { mailLikeName } from './names/mail-like-name.ts'
import { securityIdentifier } from './names/security-identifier.ts'
import { spiffeId } from './names/spiffe-id.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** Where in a certificate the name of its holder is. */
export type IdentitySource =
  /** userPrincipalName; `domains` that the authority may speak for, any when empty. */
  | { readonly type: 'upn'; readonly domains: readonly string[] }
  | { readonly type: 'email'; readonly domains: readonly string[] }
  | { readonly type: 'spiffe'; readonly trustDomain: string }
  | { readonly type: 'issuer-and-serial' }
  | { readonly type: 'sid' }
  | { readonly type: 'fingerprint' }
  | { readonly type: 'common-name' }

/** Who somebody is by a certificate. */
export interface CertificateName {
  readonly source: IdentitySource['type']
  readonly value: string
  /** By what a directory is asked; undefined for names that none can know. */
  readonly key: PersonKey | undefined
}

/**
 * The name of a certificate's holder: of the sources, in their order, the first that the certificate has anything of.
 * What it has must be exactly one usable name; it doesn't fall through to a weaker source. Throws CertificateRefusal.
 */
export function readIdentity(
  { leaf, issuers: [issuer] }: CertificatePath,
  sources: readonly IdentitySource[],
): CertificateName {
  for (const source of sources) {
    const found = readSource(source, leaf, issuer)
    if (found) return { source: source.type, ...found }
  }
  return refuse('certificate_no_name', sources.map(({ type }) => type).join(', '))
}

function readSource(
  source: IdentitySource,
  leaf: ParsedCertificate,
  issuer: ParsedCertificate,
): Omit<CertificateName, 'source'> | undefined {
  switch (source.type) {
    case 'upn': {
      const { principals } = alternativeNames(leaf)
      if (principals.length === 0) return undefined
      const value = mailLikeName(principals, source.domains)
      return { value, key: { by: 'name', account: undefined, principal: value } }
    }
    case 'email': {
      const { emails } = alternativeNames(leaf)
      if (emails.length === 0) return undefined
      const value = mailLikeName(emails, source.domains)
      return { value, key: { by: 'mail', mail: value } }
    }
    case 'spiffe': {
      const { uris } = alternativeNames(leaf)
      if (!uris.some((uri) => /^spiffe:/i.test(uri))) return undefined
      return { value: spiffeId(uris, source.trustDomain), key: undefined }
    }
    case 'sid': {
      const sid = securityIdentifier(leaf)
      return sid === undefined ? undefined : { value: sid, key: { by: 'sid', sid } }
    }
    case 'issuer-and-serial': {
      const mapping = windowsIssuerAndSerial(nameOf(issuer), leaf.serial)
      const key = mapping === undefined ? undefined : byMapping(mapping)
      // Two authorities may well give the same number.
      return { value: `${digest(issuer.subject).slice(0, 16)}-${leaf.serial}`, key }
    }
    case 'fingerprint':
      return { value: digest(leaf.der), key: undefined }
    case 'common-name': {
      const [value, ...others] = commonNames(nameOf(leaf))
      if (value === undefined) return undefined
      if (others.length > 0) refuse('certificate_name', `${others.length + 1} common names`)
      return { value, key: { by: 'name', account: value, principal: undefined } }
    }
  }
}

function byMapping(value: string): PersonKey {
  return { by: 'alternative-security-identity', value }
}

function digest(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex')
}

function nameOf({ subject }: ParsedCertificate): ReturnType<typeof readName> {
  try {
    return readName(subject)
  } catch (cause) {
    if (cause instanceof DerFault)
      throw new CertificateRefusal('certificate_name', cause.message, cause)
    throw cause
  }
}
