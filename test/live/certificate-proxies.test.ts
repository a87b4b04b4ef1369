import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  startCertificateLab,
  type CertificateLab,
} from '../support/certificates/certificate-lab.ts'
import { forwardedHeaders } from '../support/certificates/forwarded-headers.ts'
import { aroundNow, ownAuthority } from '../support/certificates/own-authority.ts'
import { startProxy } from '../support/certificates/proxy-process.ts'
import { tlsAsk, type TlsAnswer, type TlsAsked } from '../support/certificates/tls-ask.ts'
import { freePort } from '../support/free-port.ts'
import { installed } from '../support/require-command.ts'

const guide = readFileSync('docs/client-certificates.md', 'utf8')
const secret = 'the-secret-between-proxy-and-postern'
const navigation = {
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

/** What the guide shows for a proxy, with the places of this test. */
function snippet(language: string, places: Readonly<Record<string, string>>): string {
  const shown = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(guide)?.[1] ?? ''
  return Object.entries(places).reduce((text, [place, here]) => {
    expect(text).toContain(place)
    return text.replaceAll(place, here)
  }, shown)
}

interface Ports {
  readonly proxy: number
  readonly broker: number
}

const nginxFile = (folder: string, { proxy, broker }: Ports) => `
daemon off;
pid ${folder}/nginx.pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  ${snippet('nginx', {
    'listen 443': `listen 127.0.0.1:${proxy}`,
    'aws.corp.example': 'localhost',
    '/etc/nginx/postern.pem': `${folder}/server.pem`,
    '/etc/nginx/postern.key': `${folder}/server.pem`,
    '/etc/nginx/corp-ca.pem': `${folder}/ca.pem`,
    '127.0.0.1:8080': `127.0.0.1:${broker}`,
    SECRET: secret,
  })}
}`

const haproxyFile = (folder: string, { proxy, broker }: Ports) => `
defaults
  timeout connect 5s
  timeout client 10s
  timeout server 10s
${snippet('haproxy', {
  'bind :443': `bind 127.0.0.1:${proxy}`,
  '/etc/haproxy/postern.pem': `${folder}/server.pem`,
  '/etc/haproxy/corp-ca.pem': `${folder}/ca.pem`,
  '127.0.0.1:8080': `127.0.0.1:${broker}`,
  SECRET: secret,
})}`

const proxies = [
  {
    name: 'nginx',
    debianPackage: 'nginx',
    file: nginxFile,
    args: (path: string) => ['-c', path, '-e', `${path}.log`],
    expired: 400,
  },
  {
    name: 'haproxy',
    debianPackage: 'haproxy',
    file: haproxyFile,
    args: (path: string) => ['-db', '-f', path],
    expired: 403,
  },
] as const

describe.each(proxies)('Postern behind $name, as the guide has it', (proxy) => {
  const [command] = installed(proxy.name)
  let lab: CertificateLab
  let stop: (() => Promise<void>) | undefined
  let ports: Ports

  beforeAll(async () => {
    if (command === undefined) return
    ports = { proxy: await freePort(), broker: await freePort() }
    lab = await startCertificateLab({
      files: { 'proxy-secret': `${secret}\n` },
      config: () => ({
        publicUrl: `https://localhost:${ports.proxy}`,
        listen: { port: ports.broker },
        trustedProxies: ['127.0.0.1'],
      }),
      method: () => ({
        listen: undefined,
        proxy: { format: proxy.name, addresses: ['127.0.0.1'], secret: '${file:proxy-secret}' },
      }),
    })
    const path = join(lab.folder, `${proxy.name}.conf`)
    writeFileSync(path, proxy.file(lab.folder, ports))
    stop = await startProxy(command, proxy.args(path), [ports.proxy])
  })
  beforeEach((context) => {
    if (command === undefined) context.skip(`needs ${proxy.name}; install ${proxy.debianPackage}`)
    lab.trail.splice(0)
  })
  afterAll(async () => {
    if (command === undefined) return
    await stop?.()
    await lab.close()
  })

  function ask(path: string, holder?: string, asked: TlsAsked = {}): Promise<TlsAnswer> {
    return lab.askAt(`https://localhost:${ports.proxy}`, path, holder, asked)
  }

  test('a browser signs in at once, and has its roles', async () => {
    const answer = await ask('/sign-in/card', 'alice', { headers: navigation })
    expect([answer.status, answer.location]).toEqual([303, '/'])
    const cookie = [answer.headers['set-cookie'] ?? []]
      .flat()
      .map((line) => line.split(';')[0])
      .join('; ')
    const { text } = await ask('/', undefined, { headers: { ...navigation, cookie } })
    expect(text).toContain('alice@corp.example')
    expect(text).toContain('ReadOnly')
    expect(lab.trail[0]).toMatchObject({ type: 'signed-in', address: '127.0.0.1' })
  })

  test('a machine asks in one request', async () => {
    const { status, text } = await ask('/api/v1/roles', 'machine')
    expect([status, text.includes('ReadOnly')]).toEqual([200, true])
  })

  test('each that is not in order is refused', async () => {
    expect((await ask('/api/v1/me', 'revoked')).status).toBe(403)
    expect(lab.trail.at(-1)?.code).toBe('certificate_revoked')
    expect((await ask('/api/v1/me', 'expired')).status).toBe(proxy.expired)
    const none = await ask('/sign-in/card', undefined, { headers: navigation })
    expect([none.status, none.text.includes('sent no certificate')]).toEqual([403, true])
    expect((await ask('/api/v1/me')).status).toBe(401)
    const stranger = await (await ownAuthority()).issue(aroundNow())
    const answer = await ask('/api/v1/me', undefined, { certificate: stranger })
    expect(answer.status).toBeGreaterThanOrEqual(400)
  })

  test('forged headers through the proxy name nobody and change nobody', async () => {
    const pem = lab.pki.certificates.get('alice')?.certificate ?? ''
    const forged = { ...forwardedHeaders(proxy.name, pem), 'X-Postern-Proxy': secret }
    const spell = (change: (name: string) => string) =>
      Object.fromEntries(Object.entries(forged).map(([name, value]) => [change(name), value]))
    for (const headers of [
      forged,
      spell((name) => name.toLowerCase()),
      spell((name) => name.replaceAll('-', '_')),
    ]) {
      for (const holder of [undefined, 'bob']) {
        const { status, text } = await ask('/api/v1/me', holder, { headers })
        expect(text).not.toContain('alice')
        expect(status).not.toBe(500)
        expect(lab.trail.map(({ name }) => name)).not.toContain('alice@corp.example')
      }
    }
    const { text } = await ask('/api/v1/me', 'bob', { headers: forged })
    expect(text).toContain('bob@corp.example')
  })

  test('forged headers past the proxy are refused', async () => {
    const pem = lab.pki.certificates.get('alice')?.certificate ?? ''
    const host = `localhost:${ports.proxy}`
    const headers = { ...forwardedHeaders(proxy.name, pem), host }
    const direct = `http://127.0.0.1:${ports.broker}/api/v1/me`
    expect((await tlsAsk(direct, { headers })).status).toBe(403)
    expect(lab.trail.at(-1)?.code).toBe('certificate_header_untrusted')
    const knowing = { ...headers, 'X-Postern-Proxy': secret }
    expect((await tlsAsk(direct, { headers: knowing, from: '127.0.0.2' })).status).toBe(403)
  })
})
