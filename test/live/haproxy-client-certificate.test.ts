import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustedProxyList } from '../../src/identity/address.ts'
import { forwardedPeer } from '../../src/identity/client-certificate/forwarded/forwarded-peer.ts'
import { forwardedRequest } from '../../src/identity/client-certificate/forwarded/forwarded-request.ts'
import {
  type HeaderFormat,
  usualHeaderFormats,
} from '../../src/identity/client-certificate/forwarded/header-format.ts'
import { askByCertificate, type Asked } from '../support/certificates/ask-by-certificate.ts'
import { type DemoSignIn, demoSignIn } from '../support/certificates/demo-sign-in.ts'
import { startProxy } from '../support/certificates/proxy-process.ts'
import { type SignInServer, signInServer } from '../support/certificates/sign-in-server.ts'
import { makeRoot } from '../support/certificates/test-authority.ts'
import { freePort } from '../support/free-port.ts'
import { requireCommand } from '../support/require-command.ts'

const [haproxy] = requireCommand('haproxy', 'haproxy')
const secret = 'the-secret-between-haproxy-and-postern'
const proof = { by: 'secret', header: 'X-Postern-Proxy', secret } as const
const lifetime = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }

let demo: DemoSignIn
let own: SignInServer
let rfc9440: SignInServer
let stop: () => Promise<void>
const ports = { own: 0, rfc9440: 0 }

async function broker(format: HeaderFormat): Promise<SignInServer> {
  const settings = { format, proxies: { addresses: trustedProxyList(['127.0.0.1']), proof } }
  return signInServer(demo.signIn, (request) =>
    forwardedPeer(forwardedRequest(request), settings, new Date()),
  )
}

beforeAll(async () => {
  if (haproxy === undefined) return
  demo = await demoSignIn()
  own = await broker(usualHeaderFormats.haproxy)
  rfc9440 = await broker(usualHeaderFormats.rfc9440)
  ports.own = await freePort()
  ports.rfc9440 = await freePort()
  const file = join(demo.folder, 'haproxy.cfg')
  await writeFile(file, configuration(demo.folder))
  stop = await startProxy(haproxy, ['-f', file, '-db'], Object.values(ports))
})

afterAll(async () => {
  if (haproxy === undefined) return
  await stop()
  await own.close()
  await rfc9440.close()
  await demo.close()
})

function configuration(folder: string): string {
  const bind = (port: number) =>
    `bind 127.0.0.1:${port} ssl crt ${folder}/server.pem ca-file ${folder}/ca.pem verify optional ca-ignore-err all crt-ignore-err all`
  return `
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend own
  ${bind(ports.own)}
  http-request set-header X-SSL-Client-DER %[ssl_c_der,base64]
  http-request set-header X-SSL-Client-Used %[ssl_c_used]
  http-request set-header X-SSL-Client-Verify %[ssl_c_verify]
  http-request set-header X-Postern-Proxy ${secret}
  default_backend own
backend own
  server broker 127.0.0.1:${own.port}
frontend rfc9440
  ${bind(ports.rfc9440)}
  http-request del-header Client-Cert
  http-request del-header Client-Cert-Chain
  http-request set-header Client-Cert :%[ssl_c_der,base64]: if { ssl_c_used }
  http-request set-header X-Postern-Proxy ${secret}
  default_backend rfc9440
backend rfc9440
  server broker 127.0.0.1:${rfc9440.port}
`
}

const holder = (name: string) => demo.pki.certificates.get(name)
async function ask(port: keyof typeof ports, asked: Asked = {}): Promise<unknown> {
  return askByCertificate(`https://127.0.0.1:${ports[port]}/`, { ca: demo.pki.authority, ...asked })
}

function forged(spell: (name: string) => string = (name) => name): Record<string, string> {
  const der = (holder('alice')?.certificate ?? '').replaceAll(/-----[^-]+-----|\s/g, '')
  return {
    [spell('X-SSL-Client-DER')]: der,
    [spell('X-SSL-Client-Used')]: '1',
    [spell('X-SSL-Client-Verify')]: '0',
    [spell('Client-Cert')]: `:${der}:`,
  }
}

describe.each(['own', 'rfc9440'] as const)('through HAProxy, with the headers of %s', (port) => {
  test.each([
    ['alice', { name: 'alice@corp.example' }],
    ['machine', { name: 'spiffe://corp.example/machine/build' }],
    ['revoked', { refusal: 'certificate_revoked' }],
  ])('%s is taken for what it is', async (name, expected) => {
    expect(await ask(port, { certificate: holder(name) })).toMatchObject(expected)
  })

  test('nobody is let in without a certificate, and reads why', async () => {
    expect(await ask(port)).toMatchObject({ refusal: 'certificate_missing' })
  })

  test('what HAProxy let through although it failed is refused', async () => {
    const stranger = await (
      await makeRoot(lifetime)
    ).issue({
      ...lifetime,
      names: [{ type: 'upn', value: 'alice@corp.example' }],
    })
    const certificate = { certificate: stranger.pem, key: stranger.keyPem }
    const [expired, unknown] =
      port === 'own'
        ? ['certificate_proxy_refused', 'certificate_proxy_refused']
        : ['certificate_expired', 'certificate_unknown_authority']
    expect(await ask(port, { certificate: holder('expired') })).toMatchObject({ refusal: expired })
    expect(await ask(port, { certificate })).toMatchObject({ refusal: unknown })
  })

  test('a forged header names nobody, and does not change who one is', async () => {
    expect(await ask(port, { headers: forged() })).toMatchObject({ refusal: 'certificate_missing' })
    const certificate = holder('bob')
    expect(await ask(port, { certificate, headers: forged() })).toEqual({
      name: 'bob@corp.example',
    })
  })

  test('a twin with underscores, which HAProxy passes on, is refused', async () => {
    const headers = forged((name) => name.replaceAll('-', '_'))
    const ambiguous = { refusal: 'certificate_header_ambiguous' }
    expect(await ask(port, { headers })).toMatchObject(ambiguous)
    expect(await ask(port, { certificate: holder('bob'), headers })).toMatchObject(ambiguous)
  })
})

test('a forged header past HAProxy is refused', async () => {
  const url = `http://127.0.0.1:${own.port}/`
  const untrusted = { refusal: 'certificate_header_untrusted' }
  expect(await askByCertificate(url, { headers: forged() })).toMatchObject(untrusted)
  const headers = { ...forged(), 'X-Postern-Proxy': secret }
  expect(await askByCertificate(url, { headers, from: '127.0.0.2' })).toMatchObject(untrusted)
})
