import type { BasicOCSPResponse } from 'pkijs'
import { validityAt } from '../../../keys/certificate.ts'
import { CertificateRefusal } from '../certificate-refusal.ts'
import { allowsKeyUsage, extendedKeyUsages, keyUsageBits } from '../extensions.ts'
import { keyWeakness } from '../key-strength.ts'
import { type ParsedCertificate, parseCertificate } from '../parsed-certificate.ts'
import { isStrongSignature, verifySignature } from '../signature.ts'

const ocspSigning = '1.3.6.1.5.5.7.3.9'
const mostCertificates = 4

/**
 * Whether an answer is signed by the issuer itself, or by a responder whose certificate that very issuer signed for OCSP
 * (RFC 6960 §4.2.2.2). A certificate that the issuer signed for anything else doesn't count.
 */
export function isSignedByResponder(
  answer: BasicOCSPResponse,
  issuer: ParsedCertificate,
  now: Date,
): boolean {
  const algorithm = Buffer.from(answer.signatureAlgorithm.toSchema().toBER())
  const signature = Buffer.from(answer.signature.valueBlock.valueHexView)
  const signed = Buffer.from(answer.tbsResponseData.tbsView)
  const isBy = ({ x509 }: ParsedCertificate) =>
    verifySignature(algorithm, x509.publicKey, signed, signature)
  if (isBy(issuer)) return true
  return (answer.certs ?? [])
    .slice(0, mostCertificates)
    .map((certificate) => parsed(Buffer.from(certificate.toSchema().toBER())))
    .some((responder) => responder && isAppointed(responder, issuer, now) && isBy(responder))
}

function isAppointed(responder: ParsedCertificate, issuer: ParsedCertificate, now: Date): boolean {
  return (
    responder.issuer.equals(issuer.subject) &&
    isStrongSignature(responder.signatureAlgorithm) &&
    responder.x509.verify(issuer.x509.publicKey) &&
    keyWeakness(responder.x509.publicKey) === undefined &&
    validityAt(responder.x509, now) === 'valid' &&
    extendedKeyUsages(responder)?.includes(ocspSigning) === true &&
    allowsKeyUsage(responder, keyUsageBits.digitalSignature)
  )
}

/** An answer may carry certificates that are none of our business. */
function parsed(der: Buffer): ParsedCertificate | undefined {
  try {
    return parseCertificate(der)
  } catch (error) {
    if (error instanceof CertificateRefusal) return undefined
    throw error
  }
}
