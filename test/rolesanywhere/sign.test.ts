import { createHash, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { signerFrom } from '../../src/keys/key-material.ts'
import {
  amzDate,
  authorization,
  canonicalQuery,
  canonicalRequest,
  certificateHeaders,
  stringToSign,
  type UnsignedRequest,
} from '../../src/rolesanywhere/sign.ts'
import { issue, keyPairs } from '../keys/test-certificates.ts'

const file = (name: string): Buffer =>
  readFileSync(new URL(`../vectors/rolesanywhere/${name}`, import.meta.url))
const text = (name: string): string => file(name).toString('utf8')
const region = 'us-east-1'

const vectors = {
  rsa: { intermediates: file('int-cert.pem'), body: '{"durationSeconds":3600}' },
  ec: { intermediates: undefined, body: '{"durationSeconds":900,"roleSessionName":"my-session"}' },
} as const
const algorithms = ['rsa', 'ec'] as const
const account = '123456789012'
const resource = `arn:aws:rolesanywhere:us-east-1:${account}`

async function vector(algorithm: 'rsa' | 'ec') {
  const { intermediates, body } = vectors[algorithm]
  const signer = await signerFrom({
    certificate: file(`${algorithm}-cert.pem`),
    privateKey: file(`${algorithm}-key.pem`),
    intermediates,
  })
  const request: UnsignedRequest = {
    method: 'POST',
    path: '/sessions',
    query: {
      trustAnchorArn: `${resource}:trust-anchor/11111111-2222-3333-4444-555555555555`,
      roleArn: `arn:aws:iam::${account}:role/path/ExampleRole`,
      profileArn: `${resource}:profile/66666666-7777-8888-9999-000000000000`,
    },
    headers: {
      host: 'rolesanywhere.us-east-1.amazonaws.com',
      'x-amz-date': '20261201T120000Z',
      'content-type': 'application/json',
      ...certificateHeaders(signer),
    },
    body,
  }
  const expected: unknown = JSON.parse(text(`${algorithm}.json`))
  return { signer, request, expected }
}

describe('the vectors', () => {
  test.for(algorithms)('%s: the canonical request, byte for byte', async (algorithm) => {
    const { request, expected } = await vector(algorithm)
    expect(canonicalRequest(request)).toBe(text(`${algorithm}.canonical.txt`))
    const sha256 = createHash('sha256').update(canonicalRequest(request)).digest('hex')
    expect(expected).toMatchObject({ canonicalSha256: sha256 })
  })

  test.for(algorithms)('%s: the string to sign, byte for byte', async (algorithm) => {
    const { request } = await vector(algorithm)
    expect(stringToSign(request, region, algorithm)).toBe(text(`${algorithm}.sts.txt`))
  })

  test.for(algorithms)('%s: the request line and headers that go out', async (algorithm) => {
    const { request } = await vector(algorithm)
    const raw = text(`${algorithm}.request.txt`)
    expect(raw).toContain(`POST /sessions?${canonicalQuery(request.query)} HTTP/1.1\r\n`)
    for (const [name, value] of Object.entries(request.headers)) {
      expect(raw).toContain(`\r\n${name}: ${value}\r\n`)
    }
    expect(raw.endsWith(`\r\n\r\n${request.body}`)).toBe(true)
  })

  test('rsa: the Authorization header, exactly', async () => {
    const { signer, request, expected } = await vector('rsa')
    expect(expected).toMatchObject({ authorization: await authorization(request, region, signer) })
  })

  test('ec: the Authorization header but for the signature, which verifies', async () => {
    const { signer, request, expected } = await vector('ec')
    const header = await authorization(request, region, signer)
    const [before, signature] = header.split(', Signature=')
    expect(expected).toMatchObject({
      authorization: expect.stringMatching(`^${before ?? ''}, `) as unknown,
    })
    const bytes = Buffer.from(signature ?? '', 'hex')
    expect(verify('sha256', file('ec.sts.txt'), file('ec.pub'), bytes)).toBe(true)
    expect(verify('sha256', file('ec.sts.txt'), file('ec.pub'), file('ec.sig'))).toBe(true)
  })
})

test.for(['rsa4096', 'p384', 'mlDsa44', 'mlDsa65', 'mlDsa87'] as const)(
  'signs with %s what the certificate verifies',
  async (kind) => {
    const { certificatePem, keyPem, certificate } = issue({ keys: keyPairs[kind]() })
    const signer = await signerFrom({ certificate: Buffer.from(certificatePem + keyPem) })
    const { request } = await vector('rsa')
    const header = await authorization(request, region, signer)
    const algorithm = header.split(' ')[0]
    const names = {
      rsa: 'AWS4-X509-RSA-SHA256',
      ec: 'AWS4-X509-ECDSA-SHA256',
      'ml-dsa': 'AWS4-X509-MLDSA',
    }
    expect(algorithm).toBe(names[signer.algorithm])
    const signature = Buffer.from(header.split('Signature=')[1] ?? '', 'hex')
    const message = Buffer.from(stringToSign(request, region, signer.algorithm))
    const digest = signer.algorithm === 'ml-dsa' ? null : 'sha256'
    expect(verify(digest, message, certificate.publicKey, signature)).toBe(true)
  },
)

describe('the canonical form', () => {
  const bare: UnsignedRequest = {
    method: 'POST',
    path: '/sessions',
    query: {},
    headers: {},
    body: '',
  }

  test('sorts and encodes the query', () => {
    expect(canonicalQuery({ b: "a b!'()*~", a: 'ü/', B: '' })).toBe(
      'B=&a=%C3%BC%2F&b=a%20b%21%27%28%29%2A~',
    )
  })

  test('trims header values, collapses blanks and sorts the names', () => {
    const headers = { 'x-b': '  two   words ', 'x-a': '1' }
    expect(canonicalRequest({ ...bare, headers })).toContain('\nx-a:1\nx-b:two words\n\nx-a;x-b\n')
  })

  test('writes dates without separators or fractions', () => {
    expect(amzDate(new Date('2026-12-01T12:00:00.987Z'))).toBe('20261201T120000Z')
  })
})

describe('the certificate headers', () => {
  test('take five certificates above one’s own and no more', async () => {
    const chain = (count: number) =>
      Array.from({ length: count }, () => issue().certificatePem).join('')
    const { certificatePem, keyPem } = issue()
    const signer = (count: number) =>
      signerFrom({
        certificate: Buffer.from(certificatePem + keyPem),
        intermediates: Buffer.from(chain(count)),
      })
    expect(certificateHeaders(await signer(5))['x-amz-x509-chain']?.split(',')).toHaveLength(5)
    const six = await signer(6)
    expect(() => certificateHeaders(six)).toThrow(/at most 5/)
  })

  test('need a certificate', async () => {
    const { signer } = await vector('ec')
    expect(() => certificateHeaders({ ...signer, certificate: undefined })).toThrow(
      /needs a certificate/,
    )
  })
})
