import { createHash, type KeyObject, sign } from 'node:crypto'
import { raw, type RawAnswer } from './raw-http.ts'
import type { Holder } from './certificates.ts'
import { amzDate } from './signer.ts'

/** A CreateSession request, and what a test may get wrong about it on purpose. */
export interface SessionCall {
  readonly holder: Pick<Holder, 'certificate' | 'key'>
  readonly query: Readonly<Record<string, string>>
  readonly now: Date
  readonly chain?: readonly string[]
  readonly body?: string
  readonly minutes?: number
  readonly region?: string
  readonly service?: string
  readonly serial?: string
  readonly algorithm?: string
  readonly key?: KeyObject
  readonly unsigned?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** Changes what is sent after it was signed. */
  readonly tamper?: (sent: Sent) => Sent
}

interface Sent {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

const ALGORITHMS: Readonly<Record<string, string>> = { rsa: 'RSA-SHA256', ec: 'ECDSA-SHA256' }

/** Signs as IAM Roles Anywhere asks, and sends. */
export async function sendSession(url: string, call: SessionCall): Promise<RawAnswer> {
  const { chain = [], body = '{}', region = 'eu-west-1', service = 'rolesanywhere' } = call
  const { certificate, key } = call.holder
  const date = amzDate(call.now, call.minutes)
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host: new URL(url).host,
    'x-amz-date': date,
    'x-amz-x509': certificate.raw.toString('base64'),
    ...(chain.length > 0 && { 'x-amz-x509-chain': chain.join(',') }),
    ...call.headers,
  }
  const query = Object.entries(call.query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const names = Object.keys(headers)
    .filter((name) => call.unsigned?.includes(name) !== true)
    .sort()
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const lines = names.map((name) => `${name}:${headers[name] ?? ''}\n`).join('')
  const canonical = ['POST', '/sessions', query, lines, names.join(';'), hash(body)].join('\n')
  const type = certificate.publicKey.asymmetricKeyType ?? ''
  const algorithm = call.algorithm ?? `AWS4-X509-${ALGORITHMS[type] ?? 'MLDSA'}`
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`
  const text = Buffer.from([algorithm, date, scope, hash(canonical)].join('\n'))
  const signature = sign(type in ALGORITHMS ? 'sha256' : null, text, call.key ?? key)
  const serial = call.serial ?? BigInt(`0x${certificate.serialNumber}`).toString()
  headers['authorization'] =
    `${algorithm} Credential=${serial}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`
  const made: Sent = { path: `/sessions?${query}`, headers, body }
  return await raw(url, call.tamper?.(made) ?? made)
}
