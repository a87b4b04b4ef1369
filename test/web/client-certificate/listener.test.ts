import { Agent } from 'node:https'
import { describe, expect, onTestFinished, test } from 'vitest'
import { certificateLab } from '../../support/certificates/certificate-lab.ts'
import { forwardedHeaders } from '../../support/certificates/forwarded-headers.ts'
import { tlsAsk } from '../../support/certificates/tls-ask.ts'

describe('the listener for certificates', () => {
  test('answers its own two kinds of address and nothing else', async () => {
    const lab = await certificateLab()
    for (const path of [
      '/',
      '/sign-in',
      '/sign-in/local',
      '/sign-in/card/',
      '/sign-in/card/return',
    ])
      expect([path, (await lab.ask(path, 'alice')).status]).toEqual([path, 404])
    for (const path of ['/healthz', '/readyz', '/metrics', '/role-sessions', '/device', '/api/v2'])
      expect([path, (await lab.ask(path, 'alice')).status]).toEqual([path, 404])
    for (const method of ['POST', 'HEAD', 'PUT', 'OPTIONS']) {
      const answer = await lab.ask('/sign-in/card', 'alice', { method })
      expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET'])
    }
    expect(await lab.ask('/api/v1/me', 'alice')).toMatchObject({ status: 200 })
    expect(await lab.ask('/public/postern.css', 'alice')).toMatchObject({ status: 200 })
  })

  test('is reached by its own name only', async () => {
    const lab = await certificateLab()
    for (const host of ['aws.corp.example', new URL(lab.main).host, 'evil.example:443']) {
      const answer = await lab.ask('/api/v1/me', 'alice', { headers: { host } })
      expect([host, answer.status]).toEqual([host, 421])
    }
  })

  test('sets no cookie, reads none, and tells browsers what every answer of Postern tells', async () => {
    const lab = await certificateLab()
    const browser = lab.browser()
    await browser.signIn('bob', 'wrong')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await lab.ask('/sign-in/card', undefined, { headers: { cookie } })
    expect(answer.status).toBe(403)
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.headers['x-powered-by']).toBeUndefined()
  })

  test('shows why to a person and to a program, with a way back', async () => {
    const lab = await certificateLab()
    const page = await lab.ask('/sign-in/card', undefined, { headers: { accept: 'text/html' } })
    expect(page.status).toBe(403)
    expect(page.text).toContain('sent no certificate')
    expect(page.text).toContain(`href="${lab.main}/sign-in"`)
    const json = await lab.ask('/api/v1/me')
    expect([json.status, json.headers['www-authenticate']]).toEqual([403, undefined])
    expect(JSON.parse(json.text)).toMatchObject({ error: 'access_denied' })
  })

  test('sends whoever kept its address to where a sign-in starts', async () => {
    const lab = await certificateLab()
    const answer = await lab.ask('/sign-in/card', 'alice')
    expect([answer.status, answer.location]).toEqual([303, `${lab.main}/sign-in/card`])
  })

  test('refuses a header that a proxy would send, even beside a good certificate', async () => {
    const lab = await certificateLab()
    const pem = lab.pki.certificates.get('bob')?.certificate ?? ''
    for (const format of ['nginx', 'haproxy', 'envoy', 'alb-verify', 'rfc9440'] as const) {
      const honest = forwardedHeaders(format, pem)
      const twins = Object.entries(honest).map(([name, value]) => [
        name.replaceAll('-', '_'),
        value,
      ])
      for (const headers of [honest, Object.fromEntries(twins) as Record<string, string>]) {
        expect((await lab.ask('/api/v1/me', 'alice', { headers })).status).toBe(403)
        expect(lab.trail.splice(0)).toMatchObject([{ code: 'certificate_header_untrusted' }])
      }
    }
  })

  test('looks at no certificate that a page has its visitor’s browser show', async () => {
    const lab = await certificateLab()
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'image',
    }
    for (const who of ['alice', undefined]) {
      expect((await lab.ask('/sign-in/card', who, { headers })).status).toBe(403)
    }
    expect(lab.trail).toEqual([])
    const page = { ...headers, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    expect((await lab.ask('/sign-in/card', 'alice', { headers: page })).status).toBe(303)
  })

  test('believes no X-Forwarded-For, since nobody but the client can have written it', async () => {
    const lab = await certificateLab({ config: () => ({ trustedProxies: ['127.0.0.1'] }) })
    await lab.ask('/api/v1/me', 'alice', { headers: { 'x-forwarded-for': '192.0.2.1' } })
    expect(lab.trail).toMatchObject([{ type: 'signed-in', address: '127.0.0.1' }])
  })

  test('bounds what a client may send', async () => {
    const lab = await certificateLab()
    const answer = await lab.ask('/api/v1/me', 'alice', {
      headers: { 'x-much': 'x'.repeat(20_000) },
    })
    expect(answer.status).toBe(431)
  })

  test('is the only one that asks for certificates', async () => {
    const lab = await certificateLab()
    const answer = await tlsAsk(`${lab.main}/api/v1/me`)
    expect(answer.status).toBe(401)
    expect(await tlsAsk(`${lab.main}/sign-in/card/return?code=x`)).toMatchObject({ status: 403 })
  })
})

describe('the API by certificate', () => {
  test('issues, and records sign-in and role session each time', async () => {
    const lab = await certificateLab({
      config: () => ({ aws: { endpoints: { sts: 'http://127.0.0.1:9' } } }),
    })
    const me = await lab.ask('/api/v1/me', 'machine')
    expect(JSON.parse(me.text)).toMatchObject({
      name: 'spiffe://corp.example/machine/build',
      by: 'certificate',
      people: 'staff',
      groups: ['certified'],
    })
    expect(lab.trail).toMatchObject([{ type: 'signed-in', method: 'card' }])
    const roles = await lab.ask('/api/v1/roles', 'machine')
    expect(JSON.parse(roles.text)).toMatchObject({ roles: [{ name: 'ReadOnly' }] })
    expect(lab.trail.filter(({ type }) => type === 'signed-in')).toHaveLength(2)
    const refused = await lab.ask('/api/v1/me', 'revoked')
    expect(refused.status).toBe(403)
    expect(lab.trail.at(-1)).toMatchObject({
      type: 'sign-in-refused',
      code: 'certificate_revoked',
      detail: expect.stringContaining('serial') as string,
    })
  })

  test.each([{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])(
    'refuses what a page sends, with %o',
    async (headers) => {
      const lab = await certificateLab()
      expect(await lab.ask('/api/v1/me', 'alice', { headers })).toMatchObject({ status: 403 })
      expect(lab.trail).toEqual([])
    },
  )

  test('takes no token where it takes certificates', async () => {
    const lab = await certificateLab()
    const headers = { authorization: 'Bearer something' }
    for (const holder of [undefined, 'alice']) {
      const answer = await lab.ask('/api/v1/me', holder, { headers })
      expect([answer.status, answer.text.includes('certificates alone')]).toEqual([400, true])
    }
    expect(lab.trail).toEqual([])
  })

  test('is limited for each person, whatever else is fine', async () => {
    const lab = await certificateLab()
    const statuses: number[] = []
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => {
      agent.destroy()
    })
    for (let asked = 0; asked < 601; asked += 1) {
      statuses.push((await lab.ask('/api/v1/me', 'bob', { agent })).status)
    }
    expect(new Set(statuses.slice(0, 600))).toEqual(new Set([200]))
    expect(statuses.at(-1)).toBe(429)
    expect((await lab.ask('/api/v1/me', 'alice')).status).toBe(200)
  })
})
