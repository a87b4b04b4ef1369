import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkRevocation } from '../../../../src/identity/client-certificate/revocation/check-revocation.ts'
import {
  createOcspClient,
  type OcspSettings,
} from '../../../../src/identity/client-certificate/revocation/ocsp-client.ts'
import { readRevocationList } from '../../../../src/identity/client-certificate/revocation/revocation-list.ts'
import { type AnswerPlan, ocspAnswer } from '../../../support/certificates/ocsp-responder.ts'
import { refusalOf } from '../../../support/certificates/refusal-of.ts'
import {
  clientAuth,
  makeRoot,
  noon,
  type TestCertificate,
} from '../../../support/certificates/test-authority.ts'
import { heldEffects } from '../../../support/held-effects.ts'
import { loopbackServer } from '../../../support/loopback-server.ts'
import { silentLogger } from '../../../support/silent-logger.ts'

const ocspSigning = '1.3.6.1.5.5.7.3.9'
const minutes = (count: number) => new Date(noon.getTime() + count * 60_000)

let root: TestCertificate
let alice: TestCertificate
beforeAll(async () => {
  root = await makeRoot()
  alice = await root.issue({ serial: '0a11ce' })
})

/** What the client makes of a responder that answers so. */
async function ask(plan: Partial<AnswerPlan> = {}, settings: Partial<OcspSettings> = {}) {
  const server = await respond((request) => ocspAnswer(request, { key: root.key, ...plan }, noon))
  return client(server, settings).ask(alice.parsed, root.parsed)
}

async function respond(answer: (request: Buffer) => Buffer): Promise<string> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => response.end(answer(Buffer.concat(pieces))))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/`
}

function client(url: string, settings: Partial<OcspSettings> = {}) {
  const effects = { ...heldEffects(noon), randomBytes }
  const usual = { url, authorities: [], timeout: 2_000, nonce: 'required' } as const
  return createOcspClient({ ...usual, ...settings }, effects)
}

describe('believes', () => {
  test('the authority itself', async () => {
    expect(await ask()).toEqual({ is: 'good' })
    expect(await ask({ status: 'revoked' })).toEqual({ is: 'revoked' })
  })

  test('a responder that the authority appointed', async () => {
    const responder = await root.issue({ subject: 'CN=Responder', usages: [ocspSigning] })
    expect(await ask({ key: responder.key, certificates: [responder.der] })).toEqual({ is: 'good' })
  })

  test('an answer without a nonce only where that is allowed', async () => {
    expect(await ask({ nonce: 'none' })).toMatchObject({ is: 'unknown' })
    expect(await ask({ nonce: 'none' }, { nonce: 'optional' })).toEqual({ is: 'good' })
  })

  test('that the responder does not know it, for good', async () => {
    expect(await ask({ status: 'unknown' })).toMatchObject({ is: 'unknown', isFinal: true })
  })
})

describe('does not believe', () => {
  test.each<[string, Partial<AnswerPlan>]>([
    [
      'an answer to another request',
      { nonce: Buffer.from('04100000000000000000000000000000000000', 'hex') },
    ],
    ['an answer about another certificate', { serial: Buffer.from('0b0b', 'hex') }],
    ['an old answer', { from: minutes(-120), to: minutes(-60) }],
    ['an old answer without an end', { from: minutes(-120), to: 'open' }],
    ['an answer of tomorrow', { from: minutes(1_440), to: minutes(2_880) }],
    ['a responder that has no time', { responseStatus: 3 }],
  ])('%s', async (_name, plan) => {
    const status = await ask(plan)
    expect(status).toMatchObject({ is: 'unknown' })
    expect(status).not.toHaveProperty('isFinal')
  })

  test('a stale nonce even where none is asked for', async () => {
    const nonce = Buffer.from('04020000', 'hex')
    expect(await ask({ nonce }, { nonce: 'optional' })).toMatchObject({ is: 'unknown' })
  })

  test.each<[string, (other: TestCertificate) => Promise<TestCertificate>]>([
    ['another key', async (other) => Promise.resolve(other)],
    ['a user of the authority', async () => root.issue({ usages: [clientAuth] })],
    ['an appointee of another authority', async (other) => other.issue({ usages: [ocspSigning] })],
    ['an expired appointee', async () => root.issue({ usages: [ocspSigning], to: minutes(-60) })],
  ])('%s', async (_name, make) => {
    const { key, der } = await make(await makeRoot())
    expect(await ask({ key, certificates: [der] })).toMatchObject({ is: 'unknown' })
  })

  test.each([
    ['nonsense', () => Buffer.from('nonsense')],
    ['nothing', () => Buffer.alloc(0)],
    ['an endless answer', () => Buffer.alloc(100_000)],
    ['the request', (request: Buffer) => request],
  ])('%s', async (_name, answer) => {
    const url = await respond(answer)
    expect(await client(url).ask(alice.parsed, root.parsed)).toMatchObject({ is: 'unknown' })
  })

  test('a responder that is silent or gone', async () => {
    const silent = await loopbackServer(() => undefined)
    expect(
      await client(silent.origin, { timeout: 100 }).ask(alice.parsed, root.parsed),
    ).toMatchObject({ is: 'unknown' })
    expect(await client('http://127.0.0.1:1/').ask(alice.parsed, root.parsed)).toMatchObject({
      is: 'unknown',
    })
  })
})

test('takes no address but http or https', () => {
  expect(() => client('file:///etc/passwd')).toThrow(/http or https/)
  expect(() => client('ftp://ocsp.corp.example/')).toThrow(/http or https/)
})

describe('beside a revocation list', () => {
  async function verdict(
    status: AnswerPlan['status'] | 'silent',
    revoked: readonly string[] | undefined,
  ) {
    const url = await respond((request) =>
      status === 'silent'
        ? Buffer.alloc(0)
        : ocspAnswer(request, { key: root.key, status: status ?? 'good' }, noon),
    )
    const lists = revoked ? [await readRevocationList(await root.list({ revoked }))] : []
    const parts = {
      lists: () => lists,
      responders: [client(url)],
      failPolicy: 'hard',
      logger: silentLogger,
    } as const
    const path = { leaf: alice.parsed, issuers: [root.parsed] } as const
    return refusalOf(async () => checkRevocation(path, parts, noon))
  }
  const accepted = { accepted: undefined }

  test.each<[string, AnswerPlan['status'] | 'silent', readonly string[] | undefined, unknown]>([
    ['good without a list', 'good', undefined, accepted],
    ['good on both', 'good', [], accepted],
    ['revoked by the responder alone', 'revoked', [], 'certificate_revoked'],
    ['revoked by the list alone', 'good', ['0a11ce'], 'certificate_revoked'],
    ['a silent responder and a good list', 'silent', [], accepted],
    ['a silent responder and no list', 'silent', undefined, 'certificate_revocation_unknown'],
    ['unknown to the responder', 'unknown', [], 'certificate_revocation_unknown'],
  ])('%s', async (_name, status, revoked, expected) => {
    expect(await verdict(status, revoked)).toEqual(expected)
  })

  test('a responder is asked about its own authorities alone', async () => {
    const other = await makeRoot({ subject: 'CN=Other' })
    const responder = client('http://127.0.0.1:1/', { authorities: [root.parsed] })
    expect(responder.answersFor(root.parsed)).toBe(true)
    expect(responder.answersFor(other.parsed)).toBe(false)
  })
})
