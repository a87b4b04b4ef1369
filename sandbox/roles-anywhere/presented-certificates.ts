import { headerValues, type SandboxRequest } from '../http/request.ts'
import { type Certificate, readCertificate } from '../x509/certificate.ts'
import { invalid } from './refusal.ts'

/** What a client shows: its certificate and those that lead to the trust anchor. */
export interface PresentedCertificates {
  readonly leaf: Certificate
  readonly chain: readonly Certificate[]
}

const LONGEST_CHAIN = 5

/** Reads X-Amz-X509 and X-Amz-X509-Chain. AWS does not document its words for what can't be read. */
export function presentedCertificates(request: SandboxRequest): PresentedCertificates {
  const leaves = headerValues(request, 'x-amz-x509')
  const chains = headerValues(request, 'x-amz-x509-chain')
  if (leaves.length !== 1 || chains.length > 1) {
    throw invalid('The request needs one X-Amz-X509 header, and at most one X-Amz-X509-Chain')
  }
  const chain = chains.flatMap((value) => value.split(','))
  if (chain.length > LONGEST_CHAIN) {
    throw invalid(`X-Amz-X509-Chain holds more than ${LONGEST_CHAIN} certificates`)
  }
  return { leaf: read(leaves[0] ?? ''), chain: chain.map(read) }
}

function read(base64: string): Certificate {
  const text = base64.trim()
  const der = Buffer.from(text, 'base64')
  try {
    if (der.toString('base64') !== text) throw new Error('no base64')
    const certificate = readCertificate(der)
    if (!certificate.x509.raw.equals(der)) throw new Error('more than a certificate')
    return certificate
  } catch {
    throw invalid('X-Amz-X509 and its chain hold DER certificates in base64')
  }
}
