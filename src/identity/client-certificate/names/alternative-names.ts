import { contextTag, DerReader, onlyElement, tags } from '../der/der-reader.ts'
import { readImplicitIa5, readText } from '../der/der-text.ts'
import { readObjectIdentifier } from '../der/der-values.ts'
import { extensionIds, readExtension } from '../extensions.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'

/** The alternative names (RFC 5280 §4.2.1.6) that may say who somebody is; every one that stands there. */
export interface AlternativeNames {
  /** otherName 1.3.6.1.4.1.311.20.2.3 (szOID_NT_PRINCIPAL_NAME). */
  readonly principals: readonly string[]
  readonly emails: readonly string[]
  readonly uris: readonly string[]
}

const principalName = '1.3.6.1.4.1.311.20.2.3'
const otherName = contextTag(0, 'constructed')
const rfc822Name = contextTag(1, 'primitive')
const uniformResourceIdentifier = contextTag(6, 'primitive')

/** Reads them from DER, since OpenSSL's text can be written so that one name looks like two. Throws CertificateRefusal. */
export function alternativeNames(certificate: ParsedCertificate): AlternativeNames {
  const principals: string[] = []
  const emails: string[] = []
  const uris: string[] = []
  readExtension(certificate, extensionIds.subjectAltName, (value) => {
    for (const { tag, content } of new DerReader(
      onlyElement(value, tags.sequence).content,
    ).rest()) {
      if (tag === rfc822Name) emails.push(readImplicitIa5(content))
      if (tag === uniformResourceIdentifier) uris.push(readImplicitIa5(content))
      if (tag === otherName) principals.push(...principalIn(new DerReader(content)))
    }
  })
  return { principals, emails, uris }
}

/** Smart cards have other names of other kinds too, which say nothing here. */
function principalIn(reader: DerReader): readonly string[] {
  const id = readObjectIdentifier(reader.take(tags.objectIdentifier))
  const value = reader.take(contextTag(0, 'constructed'))
  reader.end()
  if (id !== principalName) return []
  const inner = new DerReader(value.content)
  const text = readText(inner.next())
  inner.end()
  return [text]
}
