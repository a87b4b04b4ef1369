import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trustedProxyList } from '../../src/identity/address.ts'
import { forwardedPeer } from '../../src/identity/client-certificate/forwarded/forwarded-peer.ts'
import { forwardedRequest } from '../../src/identity/client-certificate/forwarded/forwarded-request.ts'
import { usualHeaderFormats } from '../../src/identity/client-certificate/forwarded/header-format.ts'
import type { ProxyProof } from '../../src/identity/client-certificate/forwarded/trusted-proxy.ts'
import { readAuthorities } from '../../src/identity/client-certificate/trusted-authorities.ts'
import { askByCertificate, type Asked } from '../support/certificates/ask-by-certificate.ts'
import { type DemoSignIn, demoSignIn } from '../support/certificates/demo-sign-in.ts'
import { startProxy } from '../support/certificates/proxy-process.ts'
import { type SignInServer, signInServer } from '../support/certificates/sign-in-server.ts'
import { makeRoot, type TestCertificate } from '../support/certificates/test-authority.ts'
import { freePort } from '../support/free-port.ts'
import { requireCommand } from '../support/require-command.ts'

const [nginx] = requireCommand('nginx', 'nginx')
const secret = 'the-secret-between-nginx-and-postern'
const lifetime = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }

let demo: DemoSignIn
let plain: SignInServer
let mutual: SignInServer
let proxies: TestCertificate
let stop: () => Promise<void>
const ports = { optional: 0, lenient: 0, mutual: 0 }

/** The broker's side: signs in by what nginx hands on. */
async function broker(proof: ProxyProof, tls?: Parameters<typeof signInServer>[2]) {
  const addresses = trustedProxyList(['127.0.0.1'])
  const settings = { format: usualHeaderFormats.nginx, proxies: { addresses, proof } }
  return signInServer(
    demo.signIn,
    (request) => forwardedPeer(forwardedRequest(request), settings, new Date()),
    tls,
  )
}

beforeAll(async () => {
  if (nginx === undefined) return
  demo = await demoSignIn()
  proxies = await makeRoot({ ...lifetime, subject: 'CN=Proxies' })
  const own = await proxies.issue({ ...lifetime, subject: 'CN=nginx' })
  const server = demo.pki.certificates.get('server')
  plain = await broker({ by: 'secret', header: 'X-Postern-Proxy', secret })
  mutual = await broker(
    { by: 'certificate', authorities: readAuthorities([proxies.der]) },
    {
      cert: server?.certificate,
      key: server?.key,
      ca: proxies.pem,
      requestCert: true,
      rejectUnauthorized: false,
    },
  )
  const { folder } = demo
  await writeFile(join(folder, 'proxy.pem'), own.pem + own.keyPem)
  ports.optional = await freePort()
  ports.lenient = await freePort()
  ports.mutual = await freePort()
  const file = join(folder, 'nginx.conf')
  await writeFile(file, configuration(folder))
  stop = await startProxy(
    nginx,
    ['-c', file, '-e', join(folder, 'error.log')],
    Object.values(ports),
  )
})

afterAll(async () => {
  if (nginx === undefined) return
  await stop()
  await plain.close()
  await mutual.close()
  await demo.close()
})

function configuration(folder: string): string {
  const server = (port: number, verify: string, upstream: string) => `
    server {
      listen 127.0.0.1:${port} ssl;
      ssl_certificate ${folder}/server.pem;
      ssl_certificate_key ${folder}/server.pem;
      ssl_client_certificate ${folder}/ca.pem;
      ssl_verify_client ${verify};
      location / {
        proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;
        proxy_set_header X-SSL-Client-Verify $ssl_client_verify;
        ${upstream}
      }
    }`
  const bySecret = `proxy_set_header X-Postern-Proxy ${secret}; proxy_pass http://127.0.0.1:${plain.port};`
  const byCertificate = `
        proxy_pass https://127.0.0.1:${mutual.port};
        proxy_ssl_certificate ${folder}/proxy.pem;
        proxy_ssl_certificate_key ${folder}/proxy.pem;
        proxy_ssl_trusted_certificate ${folder}/ca.pem;
        proxy_ssl_verify on;
        proxy_ssl_name localhost;`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ')
  return `
    daemon off;
    pid ${folder}/nginx.pid;
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    events {}
    http {
      access_log off;
      ${temporary}
      ${server(ports.optional, 'optional', bySecret)}
      ${server(ports.lenient, 'optional_no_ca', bySecret)}
      ${server(ports.mutual, 'optional', byCertificate)}
    }`
}

const holder = (name: string) => demo.pki.certificates.get(name)
async function ask(port: keyof typeof ports, asked: Asked = {}): Promise<unknown> {
  return askByCertificate(`https://127.0.0.1:${ports[port]}/`, { ca: demo.pki.authority, ...asked })
}

/** What an attacker sends to be taken for alice. */
function forged(spell: (name: string) => string = (name) => name): Record<string, string> {
  const certificate = encodeURIComponent(holder('alice')?.certificate ?? '')
  return {
    [spell('X-SSL-Client-Cert')]: certificate,
    [spell('X-SSL-Client-Verify')]: 'SUCCESS',
    [spell('X-Postern-Proxy')]: 'guessed-and-long-enough-to-be-one',
  }
}

describe('through nginx', () => {
  test.each([
    ['alice', { name: 'alice@corp.example' }],
    ['machine', { name: 'spiffe://corp.example/machine/build' }],
    ['revoked', { refusal: 'certificate_revoked' }],
  ])('%s is taken for what it is', async (name, expected) => {
    expect(await ask('optional', { certificate: holder(name) })).toMatchObject(expected)
  })

  test('nobody is let in without a certificate, and reads why', async () => {
    const answer = await ask('optional')
    expect(answer).toMatchObject({ refusal: 'certificate_missing' })
    expect(answer).toHaveProperty('says', expect.stringContaining('sent no certificate'))
  })

  test('an expired certificate ends at nginx, which answers itself', async () => {
    expect(await ask('optional', { certificate: holder('expired') })).toBe(400)
    expect(await ask('lenient', { certificate: holder('expired') })).toBe(400)
  })

  test('a certificate that nginx did not accept is handed on with a flag, and refused', async () => {
    const refused = { refusal: 'certificate_proxy_refused' }
    const stranger = await (
      await makeRoot(lifetime)
    ).issue({
      ...lifetime,
      names: [{ type: 'upn', value: 'alice@corp.example' }],
    })
    const certificate = { certificate: stranger.pem, key: stranger.keyPem }
    expect(await ask('lenient', { certificate })).toMatchObject(refused)
    expect(await ask('lenient', { certificate: holder('bob') })).toEqual({
      name: 'bob@corp.example',
    })
  })

  test('a proxy may prove itself by a certificate', async () => {
    expect(await ask('mutual', { certificate: holder('alice') })).toEqual({
      name: 'alice@corp.example',
    })
    expect(await ask('mutual')).toMatchObject({ refusal: 'certificate_missing' })
  })
})

describe('a forged header', () => {
  test('through nginx names nobody', async () => {
    const missing = { refusal: 'certificate_missing' }
    expect(await ask('optional', { headers: forged() })).toMatchObject(missing)
    expect(await ask('mutual', { headers: forged() })).toMatchObject(missing)
    const underscores = forged((name) => name.replaceAll('-', '_'))
    expect(await ask('optional', { headers: underscores })).toMatchObject(missing)
  })

  test('through nginx does not change who one is', async () => {
    const certificate = holder('bob')
    for (const headers of [
      forged(),
      forged((name) => name.toLowerCase()),
      forged((name) => name.replaceAll('-', '_')),
    ]) {
      expect(await ask('optional', { certificate, headers })).toEqual({ name: 'bob@corp.example' })
    }
  })

  test('past nginx is refused, from another address and without the secret', async () => {
    const untrusted = { refusal: 'certificate_header_untrusted' }
    const url = `http://127.0.0.1:${plain.port}/`
    expect(await askByCertificate(url, { headers: forged() })).toMatchObject(untrusted)
    const right = { ...forged(), 'X-Postern-Proxy': secret }
    expect(await askByCertificate(url, { headers: right, from: '127.0.0.2' })).toMatchObject(
      untrusted,
    )
    const twice = { ...right, 'X-SSL-Client-Verify': ['SUCCESS', 'SUCCESS'] }
    expect(await askByCertificate(url, { headers: twice })).toMatchObject({
      refusal: 'certificate_header_ambiguous',
    })
  })

  test('past nginx is refused without a certificate of a proxy', async () => {
    const url = `https://127.0.0.1:${mutual.port}/`
    const asked = { ca: demo.pki.authority, headers: forged() }
    const untrusted = { refusal: 'certificate_header_untrusted' }
    expect(await askByCertificate(url, asked)).toMatchObject(untrusted)
    expect(await askByCertificate(url, { ...asked, certificate: holder('bob') })).toMatchObject(
      untrusted,
    )
  })
})
