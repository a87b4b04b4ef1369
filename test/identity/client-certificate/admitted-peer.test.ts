import { once } from 'node:events'
import {
  connect,
  type ConnectionOptions,
  createServer,
  type TlsOptions,
  type TLSSocket,
} from 'node:tls'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { admittedPeer } from '../../../src/identity/client-certificate/admitted-peer.ts'
import { checkChain } from '../../../src/identity/client-certificate/check-chain.ts'
import { tlsListenerOptions } from '../../../src/identity/client-certificate/tls-listener-options.ts'
import { readAuthorities } from '../../../src/identity/client-certificate/trusted-authorities.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import {
  type CertificatePlan,
  makeRoot,
  serverAuth,
  type TestCertificate,
} from '../../support/certificates/test-authority.ts'

// The handshake goes by the machine's own clock.
const hours = (count: number) => new Date(Date.now() + count * 3_600_000)
const now = { from: hours(-2), to: hours(2) }

let root: TestCertificate
let issuing: TestCertificate
let server: TestCertificate
beforeAll(async () => {
  root = await makeRoot(now)
  issuing = await root.issue({ ...now, subject: 'CN=Issuing', ca: true, usages: 'none' })
  server = await root.issue({
    ...now,
    subject: 'CN=localhost',
    usages: [serverAuth],
    names: [{ type: 'dns', value: 'localhost' }],
  })
})

const usual = () =>
  tlsListenerOptions({
    certificate: server.pem,
    key: server.keyPem,
    authorities: readAuthorities([root.der]),
  })

interface Listening {
  readonly port: number
  readonly seen: { readonly verdict: unknown; readonly authorized: boolean }[]
}

async function listen(
  options: TlsOptions = usual(),
  admit: (socket: TLSSocket) => unknown = admittedPeer,
): Promise<Listening> {
  const seen: Listening['seen'] = []
  const listener = createServer(options, (socket) => {
    void refusalOf(() => admit(socket)).then((verdict) => {
      seen.push({ verdict, authorized: socket.authorized })
      socket.end('done')
    })
  })
  listener.on('tlsClientError', () => undefined)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(() => void listener.close())
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, seen }
}

/** Connects, waits for the end, and says which sessions were offered for resuming. */
async function visit(
  port: number,
  options: ConnectionOptions = {},
): Promise<{ sessions: Buffer[]; resumed: boolean }> {
  const sessions: Buffer[] = []
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: root.pem,
    ...options,
  })
  socket.on('session', (session: Buffer) => sessions.push(session))
  let resumed = false
  socket.on('secureConnect', () => {
    resumed = socket.isSessionReused()
  })
  socket.resume()
  await once(socket, 'close')
  return { sessions, resumed }
}

const present = (
  leaf: TestCertificate,
  ...between: readonly TestCertificate[]
): ConnectionOptions => ({
  cert: [leaf, ...between].map(({ pem }) => pem).join(''),
  key: leaf.keyPem,
})
const versions = ['TLSv1.2', 'TLSv1.3'] as const
const only = (version: (typeof versions)[number]) => ({ minVersion: version, maxVersion: version })

describe.each(versions)('with %s', (version) => {
  test('admits a certificate of a trusted authority', async () => {
    const { port, seen } = await listen()
    const alice = await root.issue(now)
    await visit(port, { ...present(alice), ...only(version) })
    expect(seen).toMatchObject([{ verdict: { accepted: { leaf: alice.der } } }])
  })

  test('admits one of an issuing authority, which is found among the trusted ones', async () => {
    const authorities = readAuthorities([root.der, issuing.der])
    const options = tlsListenerOptions({ certificate: server.pem, key: server.keyPem, authorities })
    const { port, seen } = await listen(options, (socket) => {
      return checkChain(admittedPeer(socket), authorities, new Date()).issuers.length
    })
    const alice = present(await issuing.issue(now), issuing)
    await visit(port, { ...alice, ...only(version) })
    expect(seen).toMatchObject([{ verdict: { accepted: 2 } }])
  })

  test.each<[string, CertificatePlan, string]>([
    ['that has expired', { to: hours(-1) }, 'certificate_expired'],
    ['that is not valid yet', { from: hours(1) }, 'certificate_not_yet_valid'],
    ['for servers', { usages: [serverAuth] }, 'certificate_usage'],
  ])('lets a certificate through %s, to say why not', async (_name, plan, code) => {
    const { port, seen } = await listen()
    await visit(port, { ...present(await root.issue({ ...now, ...plan })), ...only(version) })
    expect(seen).toMatchObject([{ verdict: code, authorized: false }])
  })

  test('answers whoever has no certificate', async () => {
    const { port, seen } = await listen()
    await visit(port, only(version))
    expect(seen).toMatchObject([{ verdict: 'certificate_missing' }])
  })

  test('answers whoever bears the authority’s name and another key', async () => {
    const { port, seen } = await listen()
    const impostor = await makeRoot(now)
    await visit(port, { ...present(await impostor.issue(now)), ...only(version) })
    expect(seen).toMatchObject([{ authorized: false }])
    expect(['certificate_unauthorized', 'certificate_unknown_authority']).toContain(
      seen[0]?.verdict,
    )
  })

  test('answers whoever signed himself', async () => {
    const { port, seen } = await listen()
    await visit(port, {
      ...present(await makeRoot({ ...now, subject: 'CN=me', ca: false })),
      ...only(version),
    })
    expect(seen).toMatchObject([{ verdict: 'certificate_unknown_authority', authorized: false }])
  })

  test('resumes no session, neither without nor with a certificate', async () => {
    const { port, seen } = await listen()
    const alice = present(await root.issue(now))
    for (const identity of [{}, alice]) {
      const { sessions } = await visit(port, { ...identity, ...only(version) })
      expect(sessions).not.toEqual([])
      for (const session of sessions) {
        const { resumed } = await visit(port, { ...only(version), session })
        expect(resumed).toBe(false)
        expect(seen.at(-1)?.verdict).toBe('certificate_missing')
      }
    }
  })
})

test('refuses a resumed session, which some versions of Node call authorized without a certificate', async () => {
  const { port, seen } = await listen({ ...usual(), secureOptions: 0 })
  const { sessions } = await visit(port, only('TLSv1.3'))
  const { resumed } = await visit(port, { ...only('TLSv1.3'), session: sessions.at(-1) })
  expect(resumed).toBe(true)
  const verdicts = seen.map(({ verdict }) => verdict)
  expect(verdicts).toEqual(['certificate_missing', 'certificate_resumed'])
})

test('offers no old protocol and no cipher without forward secrecy or authentication', async () => {
  const { port, seen } = await listen()
  for (const options of [
    { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
    { ...only('TLSv1.2'), ciphers: 'AES256-GCM-SHA384' },
    { ...only('TLSv1.2'), ciphers: 'ECDHE-ECDSA-AES128-SHA256' },
  ] as const) {
    // Said by the server: a client that gave up by itself would prove nothing.
    await expect(visit(port, options)).rejects.toThrow(
      /alert (?:protocol version|handshake failure)/,
    )
  }
  expect(seen).toEqual([])
})

test('does not open without an authority', () => {
  const authorities = { certificates: [], pem: [] }
  expect(() => tlsListenerOptions({ certificate: '', key: '', authorities })).toThrow(/authority/)
})

test('names no authority but ours to browsers', () => {
  expect(usual().ca).toEqual([root.pem])
})
