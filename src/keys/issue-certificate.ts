import {
  BitString,
  Integer,
  ObjectIdentifier,
  OctetString,
  Primitive,
  PrintableString,
  Sequence,
  Set as Asn1Set,
  Utf8String,
} from 'asn1js'
import { type KeyObject, X509Certificate } from 'node:crypto'
import {
  BasicConstraints,
  Certificate,
  Extension,
  PublicKeyInfo,
  RelativeDistinguishedNames,
} from 'pkijs'
import type { CertificateAuthority } from './certificate-authority.ts'
import { KeyFault } from './key-fault.ts'
import { signatureAlgorithm, signedStructure } from './signed-structure.ts'

/** X.520 attribute types that a subject may have, by the names that AWS gives their session tags. */
const attributeTypes = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const
export type SubjectAttribute = keyof typeof attributeTypes

/** A certificate that is to be issued for somebody's key. */
export interface CertificateOrder {
  readonly publicKey: KeyObject
  /** In this order. */
  readonly subject: readonly (readonly [SubjectAttribute, string])[]
  /** The one URI of the subject's alternative name. */
  readonly uri: string
  readonly serial: bigint
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * Issues an end-entity certificate that may only sign (RFC 5280 §4). The authority's own signature is checked before it is
 * given out, so that a token that signs wrongly is found here. KeyFault.
 */
export async function issueCertificate(
  authority: CertificateAuthority,
  order: CertificateOrder,
): Promise<X509Certificate> {
  const { signer, parsed } = authority
  const certificate = new Certificate()
  certificate.version = 2
  certificate.serialNumber = Integer.fromBigInt(order.serial)
  certificate.subject = nameOf(order.subject)
  certificate.issuer = parsed.subject
  certificate.notBefore.value = order.notBefore
  certificate.notAfter.value = order.notAfter
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(
    new Uint8Array(order.publicKey.export({ type: 'spki', format: 'der' })),
  )
  certificate.signature = signatureAlgorithm(signer)
  certificate.extensions = extensions(order, parsed)
  const der = await signedStructure(certificate.encodeTBS(), signer)
  const issued = new X509Certificate(der)
  if (!issued.verify(authority.certificate.publicKey)) {
    throw new KeyFault(
      'key_mismatch',
      'The private key of the authority does not belong to its certificate.',
    )
  }
  return issued
}

/** Each attribute in a set of its own: the library itself would put all into one. */
function nameOf(subject: CertificateOrder['subject']): RelativeDistinguishedNames {
  const sets = subject.map(([type, text]) => {
    // A country is a PrintableString (RFC 5280 appendix A).
    const value =
      type === 'C' ? new PrintableString({ value: text }) : new Utf8String({ value: text })
    const identifier = new ObjectIdentifier({ value: attributeTypes[type] })
    return new Asn1Set({ value: [new Sequence({ value: [identifier, value] })] })
  })
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: sets }).toBER())
}

const subjectKeyIdentifier = '2.5.29.14'

/** RFC 5280 §4.2.1: constraints, usage, alternative name, and the key that issued. */
function extensions({ uri }: CertificateOrder, issuer: Certificate): Extension[] {
  const uriName = new Primitive({
    idBlock: { tagClass: 3, tagNumber: 6 },
    valueHex: new TextEncoder().encode(uri).buffer,
  })
  const digitalSignature = new BitString({
    valueHex: new Uint8Array([0x80]).buffer,
    unusedBits: 7,
  })
  return [
    extension('2.5.29.19', new BasicConstraints({ cA: false }).toSchema(), true),
    extension('2.5.29.15', digitalSignature, true),
    extension('2.5.29.17', new Sequence({ value: [uriName] }), false),
    ...authorityKey(issuer),
  ]
}

function authorityKey({ extensions: all = [] }: Certificate): Extension[] {
  const own: unknown = all.find(({ extnID }) => extnID === subjectKeyIdentifier)?.parsedValue
  if (!(own instanceof OctetString)) return []
  const keyIdentifier = new Primitive({
    idBlock: { tagClass: 3, tagNumber: 0 },
    valueHex: own.valueBlock.valueHexView.slice().buffer,
  })
  return [extension('2.5.29.35', new Sequence({ value: [keyIdentifier] }), false)]
}

function extension(extnID: string, value: Sequence | BitString, critical: boolean): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() })
}
