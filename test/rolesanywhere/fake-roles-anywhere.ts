import { createHash, verify, X509Certificate } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A request as it arrived. */
export interface Arrived {
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answering = (response: ServerResponse, arrived: Arrived, count: number) => void

export const session = {
  credentialSet: [
    {
      assumedRoleUser: {
        arn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/0123',
        assumedRoleId: 'AROAEXAMPLE:0123',
      },
      credentials: {
        accessKeyId: 'ASIAEXAMPLE00000000',
        expiration: '2026-12-01T13:00:00Z',
        secretAccessKey: 'secret/Key+1',
        sessionToken: 'token==',
      },
      packedPolicySize: 10,
      roleArn: 'arn:aws:iam::111111111111:role/ReadOnly',
      sourceIdentity: 'CN=leaf',
    },
  ],
  subjectArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:subject/s1',
}

export const grant: Answering = (response) => {
  response.writeHead(201, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1' })
  response.end(JSON.stringify(session))
}

export function refuse(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answering {
  return (response) => {
    response.writeHead(status, {
      'x-amzn-errortype': code,
      'x-amzn-requestid': 'request-2',
      ...headers,
    })
    response.end(JSON.stringify({ message }))
  }
}

/** A server on loopback that answers as told, and remembers what it was asked. */
export async function serve(answer: Answering, tls?: { key: string; cert: string }) {
  const arrived: Arrived[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const one = {
        target: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      arrived.push(one)
      answer(response, one, arrived.length)
    })
  }
  // ML-DSA certificates and signatures make for 20 KB of headers.
  const options = { maxHeaderSize: 65_536 }
  const server: Server = tls
    ? createTlsServer({ ...options, ...tls }, listener)
    : createServer(options, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    arrived,
    endpoint: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const authorizationShape =
  /^(AWS4-X509-(?:RSA-SHA256|ECDSA-SHA256|MLDSA)) Credential=(\d+)\/(\d{8}\/([\w-]+)\/rolesanywhere\/aws4_request), SignedHeaders=([\w;-]+), Signature=([0-9a-f]+)$/

/** Checks a request as the service would, from its text alone. Throws with the first thing that is wrong. */
export function checkSignature({ target, headers, body }: Arrived): {
  region: string
  signed: string[]
} {
  const match = authorizationShape.exec(headers.authorization ?? '')
  if (!match) throw new Error('malformed Authorization')
  const [, algorithm = '', serial = '', scope = '', region = '', names = '', signature = ''] = match
  const signed = names.split(';')
  for (const name of ['host', 'x-amz-date', 'x-amz-x509']) {
    if (!signed.includes(name)) throw new Error(`${name} is not signed`)
  }
  if (headers['x-amz-x509-chain'] && !signed.includes('x-amz-x509-chain'))
    throw new Error('the chain is not signed')
  const [path = '', query = ''] = target.split('?')
  const lines = signed.map((name) => `${name}:${String(headers[name])}`)
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
  const canonical = [
    'POST',
    path,
    query.split('&').sort().join('&'),
    ...lines,
    '',
    names,
    hash(body),
  ].join('\n')
  const text = [algorithm, String(headers['x-amz-date']), scope, hash(canonical)].join('\n')
  const certificate = new X509Certificate(Buffer.from(String(headers['x-amz-x509']), 'base64'))
  if (BigInt(`0x${certificate.serialNumber}`).toString() !== serial)
    throw new Error('another serial number')
  const digest = algorithm === 'AWS4-X509-MLDSA' ? null : 'sha256'
  if (!verify(digest, Buffer.from(text), certificate.publicKey, Buffer.from(signature, 'hex'))) {
    throw new Error('Invalid signature')
  }
  return { region, signed }
}
