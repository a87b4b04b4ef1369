import { refuse } from '../certificate-refusal.ts'
import type { PresentedCertificate } from '../trusted-authorities.ts'
import { decodeBase64 } from './encodings.ts'

/** Names of the headers: `Client-Cert` and `Client-Cert-Chain`. */
export interface Rfc9440Headers {
  readonly certificate: string
  readonly chain: string
}

// A Byte Sequence (RFC 9651 §3.3.5); neither header has parameters.
const byteSequence = /^:([A-Za-z0-9+/]{1,16384}={0,2}):$/
const mostMembers = 8
// Bounded, because a search for the end of endless white space takes its length squared.
const aroundMember = /^[ \t]{1,16}|[ \t]{1,16}$/g

/** RFC 9440 §2: the certificate as a Byte Sequence, and the others as a List of them. */
export function readRfc9440(
  names: Rfc9440Headers,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  const certificate = headers.get(names.certificate.toLowerCase()) ?? ''
  const chain = headers.get(names.chain.toLowerCase()) ?? ''
  if (certificate === '') {
    // §2.3 has no chain without a certificate.
    return refuse(chain === '' ? 'certificate_missing' : 'certificate_header_malformed')
  }
  const members = chain === '' ? [] : chain.split(',', mostMembers + 1)
  if (members.length > mostMembers) refuse('certificate_too_large', 'too many certificates')
  return {
    leaf: decodeSequence(certificate),
    intermediates: members.map((member) => decodeSequence(member.replaceAll(aroundMember, ''))),
  }
}

function decodeSequence(text: string): Buffer {
  const base64 = byteSequence.exec(text)?.[1]
  if (base64 === undefined) return refuse('certificate_header_malformed', 'not a byte sequence')
  return decodeBase64(base64)
}
