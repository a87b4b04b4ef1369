import { createHash } from 'node:crypto'
import { InvalidRequest } from '../errors.ts'
import { serialDecimal } from '../keys/certificate.ts'
import type { KeyAlgorithm, Signer } from '../keys/signer.ts'

const service = 'rolesanywhere'
const mostInChain = 5

/** How AWS names the ways to sign (IAM Roles Anywhere User Guide, "Signing process"). */
const signingAlgorithms: Readonly<Record<KeyAlgorithm, string>> = {
  rsa: 'AWS4-X509-RSA-SHA256',
  ec: 'AWS4-X509-ECDSA-SHA256',
  'ml-dsa': 'AWS4-X509-MLDSA',
}

/** A request before it is signed; header names in lower case. */
export interface UnsignedRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** All of these are signed. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The headers that carry certificate and chain. InvalidRequest without a certificate, or with more than five above it. */
export function certificateHeaders({ certificate, chain }: Signer): Record<string, string> {
  if (!certificate) throw noCertificate()
  if (chain.length > mostInChain) {
    throw new InvalidRequest(
      `IAM Roles Anywhere takes at most ${mostInChain} intermediate certificates. Leave out the others.`,
    )
  }
  const base64 = chain.map(({ raw }) => raw.toString('base64'))
  return {
    'x-amz-x509': certificate.raw.toString('base64'),
    ...(base64.length > 0 && { 'x-amz-x509-chain': base64.join(',') }),
  }
}

/** Signature Version 4's canonical request (IAM User Guide, "Create a signed AWS API request", step 1). */
export function canonicalRequest(request: UnsignedRequest): string {
  const headers = signedHeaders(request)
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    headers.map((name) => `${name}:${canonicalValue(request.headers[name] ?? '')}\n`).join(''),
    headers.join(';'),
    sha256Hex(request.body),
  ].join('\n')
}

/** Keys and values percent-encoded but for RFC 3986's unreserved characters, sorted. It is also what is sent. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([key, value]) => `${encoded(key)}=${encoded(value)}`)
    .sort(byCodeUnit)
    .join('&')
}

/** `20261201T120000Z`. */
export function amzDate(moment: Date): string {
  const seconds = moment.toISOString().slice(0, 19)
  return `${seconds.replaceAll('-', '').replaceAll(':', '')}Z`
}

/** What is signed: step 3 of the same page, with the X.509 algorithm instead of HMAC. */
export function stringToSign(
  request: UnsignedRequest,
  region: string,
  algorithm: KeyAlgorithm,
): string {
  const date = request.headers['x-amz-date'] ?? ''
  return [
    signingAlgorithms[algorithm],
    date,
    scope(date, region),
    sha256Hex(canonicalRequest(request)),
  ].join('\n')
}

/** The Authorization header. The certificate's serial number stands where an access key ID would. */
export async function authorization(
  request: UnsignedRequest,
  region: string,
  signer: Signer,
): Promise<string> {
  if (!signer.certificate) throw noCertificate()
  const text = stringToSign(request, region, signer.algorithm)
  const signature = await signer.sign(Buffer.from(text), 'sha256')
  const credential = `${serialDecimal(signer.certificate)}/${scope(request.headers['x-amz-date'] ?? '', region)}`
  return (
    `${signingAlgorithms[signer.algorithm]} Credential=${credential}, ` +
    `SignedHeaders=${signedHeaders(request).join(';')}, Signature=${signature.toString('hex')}`
  )
}

function signedHeaders({ headers }: UnsignedRequest): string[] {
  return Object.keys(headers).sort(byCodeUnit)
}

function scope(date: string, region: string): string {
  return `${date.slice(0, 8)}/${region}/${service}/aws4_request`
}

function canonicalValue(value: string): string {
  return value.trim().replace(/ +/g, ' ')
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function noCertificate(): InvalidRequest {
  return new InvalidRequest(
    'IAM Roles Anywhere needs a certificate beside the key. Name the certificate.',
  )
}
