import { X509Certificate } from 'node:crypto'
import { CertificateRefusal, refuse } from './certificate-refusal.ts'
import { contextTag, DerFault, DerReader, onlyElement, tags } from './der/der-reader.ts'
import { readObjectIdentifier, readSerial, readTrue } from './der/der-values.ts'

/** An extension of a certificate or list (RFC 5280 §4.2): whether it must be understood, and its DER. */
export interface Extension {
  readonly critical: boolean
  readonly value: Buffer
}

/** A certificate, read twice: by OpenSSL, which checks its signature, and by us, for what OpenSSL doesn't show. */
export interface ParsedCertificate {
  readonly der: Buffer
  readonly x509: X509Certificate
  /** DER of the names, as they stand there. */
  readonly issuer: Buffer
  readonly subject: Buffer
  /** Hexadecimal digits of the DER. */
  readonly serial: string
  /** DER of the AlgorithmIdentifier that it is signed by. */
  readonly signatureAlgorithm: Buffer
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKeyInfo: Buffer
  readonly extensions: ReadonlyMap<string, Extension>
}

/** Larger than any certificate that goes through a header. */
const largestCertificate = 16_384

/** Reads one certificate (RFC 5280 §4.1). Throws CertificateRefusal. */
export function parseCertificate(der: Buffer): ParsedCertificate {
  if (der.length > largestCertificate) refuse('certificate_too_large', `${der.length} bytes`)
  try {
    const x509 = new X509Certificate(der)
    // What OpenSSL read must be all there is.
    if (!x509.raw.equals(der)) throw new DerFault('OpenSSL reads other bytes')
    return { der, x509, ...readParts(der) }
  } catch (cause) {
    if (cause instanceof CertificateRefusal) throw cause
    return refuse('certificate_unreadable', cause instanceof DerFault ? cause.message : '', cause)
  }
}

function readParts(der: Buffer): Omit<ParsedCertificate, 'der' | 'x509'> {
  const outer = new DerReader(onlyElement(der, tags.sequence).content)
  const inner = outer.enter(tags.sequence)
  const signatureAlgorithm = outer.take(tags.sequence).whole
  outer.take(tags.bitString)
  outer.end()

  inner.takeIf(contextTag(0, 'constructed'))
  const serial = readSerial(inner.take(tags.integer))
  if (!inner.take(tags.sequence).whole.equals(signatureAlgorithm)) {
    throw new DerFault('two signature algorithms')
  }
  const issuer = inner.take(tags.sequence).whole
  inner.take(tags.sequence)
  const subject = inner.take(tags.sequence).whole
  const publicKeyInfo = inner.take(tags.sequence).whole
  inner.takeIf(contextTag(1, 'primitive'))
  inner.takeIf(contextTag(2, 'primitive'))
  const wrapped = inner.takeIf(contextTag(3, 'constructed'))
  inner.end()
  const extensions = wrapped ? readExtensions(wrapped.content) : new Map<string, Extension>()
  return { serial, signatureAlgorithm, issuer, subject, publicKeyInfo, extensions }
}

/** The extensions of DER that holds a list of them; none may stand there twice (RFC 5280 §4.2). Throws DerFault. */
export function readExtensions(der: Buffer): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>()
  for (const { tag, content } of new DerReader(onlyElement(der, tags.sequence).content).rest()) {
    if (tag !== tags.sequence) throw new DerFault('not an extension')
    const reader = new DerReader(content)
    const id = readObjectIdentifier(reader.take(tags.objectIdentifier))
    const flag = reader.takeIf(tags.boolean)
    const value = reader.take(tags.octetString).content
    reader.end()
    if (extensions.has(id)) throw new DerFault(`the extension ${id} stands there twice`)
    extensions.set(id, { critical: flag !== undefined && readTrue(flag), value })
  }
  return extensions
}
