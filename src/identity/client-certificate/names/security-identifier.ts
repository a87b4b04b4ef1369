import { contextTag, DerFault, DerReader, onlyElement, tags } from '../der/der-reader.ts'
import { readObjectIdentifier } from '../der/der-values.ts'
import { extensionIds, readExtension } from '../extensions.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'

const objectSid = '1.3.6.1.4.1.311.25.2.1'
const sid = /^S-1-\d{1,14}(?:-\d{1,10}){1,15}$/

/**
 * The SID of the account that AD CS issued the certificate to (MS-WCCE §2.2.2.7.7.4), `S-1-5-21-…`; undefined where the
 * extension is missing. Throws CertificateRefusal when it holds anything else.
 */
export function securityIdentifier(certificate: ParsedCertificate): string | undefined {
  return readExtension(certificate, extensionIds.securityIdentifier, (value) => {
    const names = new DerReader(onlyElement(value, tags.sequence).content)
    const name = names.enter(contextTag(0, 'constructed'))
    names.end()
    const id = readObjectIdentifier(name.take(tags.objectIdentifier))
    const octets = onlyElement(name.take(contextTag(0, 'constructed')).content, tags.octetString)
    name.end()
    const text = octets.content.toString('latin1')
    if (id !== objectSid || !sid.test(text)) throw new DerFault('not a SID')
    return text
  })
}
