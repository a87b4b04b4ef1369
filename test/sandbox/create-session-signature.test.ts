import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import type { World } from '../../sandbox/world/world.ts'
import { call, chain, said } from './anywhere-client.ts'
import {
  ANCHOR_ID,
  anywhereWorld,
  intermediate,
  NOW,
  PROFILE_ID,
  trustsService,
  QUERY,
} from './anywhere-world.ts'
import type { SessionCall } from './certificate-signer.ts'
import { certify } from './certificates.ts'
import { wire } from './raw-http.ts'
import { amzDate } from './signer.ts'
import { policy, role } from './test-world.ts'

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world: anywhereWorld(), now: () => NOW })
})
afterAll(() => aws.close())

describe('the signature', () => {
  const INVALID = '403 AccessDeniedException: Invalid signature'

  test.each<readonly [string, Partial<SessionCall>]>([
    ['by another key', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['with the serial number of another certificate', { serial: '1' }],
    ['for another region', { region: 'us-east-1' }],
    ['for another service', { service: 'sts' }],
    ['under the name of another algorithm', { algorithm: 'AWS4-X509-RSA-SHA256' }],
    ['of six minutes ago', { minutes: -6 }],
    ['of six minutes ahead', { minutes: 6 }],
    ['without the host', { unsigned: ['host'] }],
    ['without the date', { unsigned: ['x-amz-date'] }],
    ['without the certificate', { unsigned: ['x-amz-x509'] }],
    ['over another body', { tamper: (sent) => ({ ...sent, body: '{"durationSeconds":901}' }) }],
    ['over another query', { tamper: (sent) => ({ ...sent, path: `${sent.path}&x=y` }) }],
    [
      'over another date',
      {
        tamper: (sent) => ({
          ...sent,
          headers: { ...sent.headers, 'x-amz-date': amzDate(NOW, 1) },
        }),
      },
    ],
  ])('%s', async (_, more) => {
    expect(said(await call(aws.url, more))).toBe(INVALID)
  })

  test('has to cover the chain', async () => {
    const holder = certify({ issuer: intermediate })
    expect(said(await call(aws.url, { holder, chain, unsigned: ['x-amz-x509-chain'] }))).toBe(
      INVALID,
    )
    expect(said(await call(aws.url, { holder, chain }))).toBe('201')
  })

  test('may cover a query that the client writes with +', async () => {
    const tamper: SessionCall['tamper'] = (sent) => ({
      ...sent,
      path: sent.path.replace('%20', '+'),
    })
    const answer = await call(aws.url, { query: { ...QUERY, extra: 'a b' }, tamper })
    expect(said(answer)).toBe('201')
  })

  test.each<readonly [string, (header: string) => string | undefined, RegExp]>([
    ['missing', () => undefined, /^403 AccessDeniedException: Missing Authentication Token$/],
    [
      'of Signature Version 4',
      (text) => text.replace('AWS4-X509-ECDSA-SHA256', 'AWS4-HMAC-SHA256'),
      /^400 ValidationException: /,
    ],
    [
      'without Signature',
      (text) => text.replace(/, Signature.*/, ''),
      /^400 ValidationException: /,
    ],
    [
      'with a hexadecimal serial',
      (text) => text.replace(/Credential=\d+/, 'Credential=0xff'),
      /^400 ValidationException: /,
    ],
    [
      'with headers in another order',
      (text) => text.replace('host;x-amz-date', 'x-amz-date;host'),
      /^403 AccessDeniedException: Invalid signature$/,
    ],
    ['without spaces', (text) => text.replaceAll(', ', ','), /^201$/],
  ])('Authorization %s', async (_, change, expected) => {
    const tamper: SessionCall['tamper'] = ({ headers, ...sent }) => {
      const { authorization = '', ...rest } = headers
      const changed = change(authorization)
      return { ...sent, headers: { ...rest, ...(changed && { authorization: changed }) } }
    }
    expect(said(await call(aws.url, { tamper }))).toMatch(expected)
  })
})

describe('the vectors', () => {
  const folder = new URL('../vectors/rolesanywhere/', import.meta.url)
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  const place = 'us-east-1'
  const trust = policy(trustsService({}))
  const world: World = {
    accounts: [
      {
        id: '123456789012',
        roles: [role('ExampleRole', trust, { path: '/path/' })],
        trustAnchors: [{ id: ANCHOR_ID, region: place, certificates: read('root-cert.pem') }],
        profiles: [
          {
            id: PROFILE_ID,
            region: place,
            roleArns: ['arn:aws:iam::123456789012:role/path/ExampleRole'],
            acceptRoleSessionName: true,
          },
        ],
      },
    ],
  }
  const now = (): Date => new Date('2026-12-01T12:00:00Z')

  test.each([
    ['rsa', '1f71c5114a119fc0cc5a5a52fb3720ad', 'CN=build-01'],
    ['ec', 'my-session', 'CN=ec-workload'],
  ])('%s: the recorded request, byte for byte', async (kind, name, sourceIdentity) => {
    await using sandbox = await startSandbox({ world, now })
    const request = read(`${kind}.request.txt`)
    const send = async (text: string): Promise<string> =>
      await wire(
        sandbox.port,
        text.replace('content-length:', 'connection: close\r\ncontent-length:'),
      )
    const answer = await send(request)
    expect(answer).toMatch(/^HTTP\/1\.1 201 /)
    expect(answer).toContain(`assumed-role/ExampleRole/${name}`)
    expect(answer).toContain(`"sourceIdentity":"${sourceIdentity}"`)
    expect(await send(request.replace('Example', 'Exomple'))).toMatch(/^HTTP\/1\.1 403 /)
    expect(await send(request.replace(/\{"durationSeconds":\d/, '{"durationSeconds":1'))).toMatch(
      kind === 'rsa' ? /Invalid signature/ : /Invalid signature|validation error/,
    )
  })
})
