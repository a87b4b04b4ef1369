import { createHash, verify } from 'node:crypto'
import { headerValues, singleHeader, type SandboxRequest } from '../http/request.ts'
import { canonicalRequest } from '../sigv4/canonical-request.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { CertificateAuthorization } from './authorization.ts'
import { denied } from './refusal.ts'

/** Name in the header, and digest, for each type of key (IAM Roles Anywhere User Guide, signing process). */
const ALGORITHMS: ReadonlyMap<string, readonly [name: string, digest: string | undefined]> =
  new Map([
    ['rsa', ['AWS4-X509-RSA-SHA256', 'sha256']],
    ['ec', ['AWS4-X509-ECDSA-SHA256', 'sha256']],
    ['ml-dsa-44', ['AWS4-X509-MLDSA', undefined]],
    ['ml-dsa-65', ['AWS4-X509-MLDSA', undefined]],
    ['ml-dsa-87', ['AWS4-X509-MLDSA', undefined]],
  ])

interface Expectation {
  readonly leaf: Certificate
  readonly region: string
  readonly now: Date
  /** Seconds. */
  readonly skew: number
}

/** Whether the certificate's key signed this request, lately and for this region. All faults have one message. */
export function verifySignature(
  request: SandboxRequest,
  authorization: CertificateAuthorization,
  expected: Expectation,
): void {
  const { leaf, region, now, skew } = expected
  const { algorithm, scope, serial, signature, signedHeaders } = authorization
  const [name, digest] = ALGORITHMS.get(leaf.x509.publicKey.asymmetricKeyType ?? '') ?? []
  const date = singleHeader(request, 'x-amz-date') ?? ''
  const time = parseDate(date)
  const needed = ['host', 'x-amz-date', 'x-amz-x509']
  if (headerValues(request, 'x-amz-x509-chain').length > 0) needed.push('x-amz-x509-chain')
  const fits =
    algorithm === name &&
    serial === leaf.serial.toString(10) &&
    scope.region === region &&
    scope.service === 'rolesanywhere' &&
    scope.terminator === 'aws4_request' &&
    scope.date === date.slice(0, 8) &&
    time !== undefined &&
    Math.abs(time - now.getTime()) <= skew * 1000 &&
    needed.every((header) => signedHeaders.includes(header)) &&
    isSortedSet(signedHeaders) &&
    signedHeaders.every((header) => headerValues(request, header).length > 0)
  if (!fits) throw denied('Invalid signature')
  const hash = createHash('sha256').update(canonicalRequest(request, signedHeaders)).digest('hex')
  const fullScope = [scope.date, scope.region, scope.service, scope.terminator].join('/')
  const text = Buffer.from([algorithm, date, fullScope, hash].join('\n'))
  if (!verify(digest, text, leaf.x509.publicKey, signature)) throw denied('Invalid signature')
}

function isSortedSet(names: readonly string[]): boolean {
  return names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name)
}

function parseDate(text: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
