import { describe, expect, test } from 'vitest'
import { startWeb } from '../support/web-app.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

async function answers() {
  const web = await startWeb()
  const browser = await web.signedIn()
  const visitor = web.browser()
  return [
    await browser.get('/'),
    await browser.get('/role?account=111111111111&role=ReadOnly'),
    await browser.get('/nowhere'),
    await visitor.get('/'),
    await visitor.get('/sign-in'),
    await visitor.get('/healthz'),
    await visitor.post('/sign-in/local', {}, { body: 'a[]=1' }),
    await visitor.get('/sign-in', { headers: { host: 'evil.example' } }),
    await visitor.send('PUT', '/', {}),
  ]
}

describe('every answer', () => {
  test('is stored nowhere, framed nowhere and loads nothing but files of ours', async () => {
    for (const { headers } of await answers()) {
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['content-security-policy']?.toString().split(';').sort()).toEqual([
        "base-uri 'none'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self' https://signin.aws.amazon.com",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "require-trusted-types-for 'script'",
        "script-src 'self'",
        "style-src 'self'",
        "trusted-types 'none'",
      ])
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(headers['cross-origin-resource-policy']).toBe('same-origin')
      expect(headers['permissions-policy']).toContain('camera=()')
      expect(headers).not.toHaveProperty('x-powered-by')
      expect(headers).not.toHaveProperty('etag')
      expect(headers).not.toHaveProperty('strict-transport-security')
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('has a request ID of our own, never the client’s', async () => {
    const ids = (await answers()).map(({ headers }) => String(headers['x-request-id']))
    for (const id of ids) expect(id).toMatch(uuid)
    expect(new Set(ids).size).toBe(ids.length)
    const web = await startWeb()
    const answer = await web.browser().get('/sign-in', { headers: { 'x-request-id': 'mine' } })
    expect(answer.headers['x-request-id']).toMatch(uuid)
  })
})

test('over https browsers are told to stay there', async () => {
  const web = await startWeb({ settings: { publicUrl: new URL('https://aws.corp.example') } })
  const answer = await web.browser().get('/sign-in', { headers: { host: 'aws.corp.example' } })
  expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
})

describe('public files', () => {
  test('are kept for ever under the hash of this version, and asked for again under any other', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const page = (await browser.get('/sign-in')).text
    const address = /"(\/public\/postern\.css\?v=[\w-]+)"/.exec(page)?.[1] ?? ''
    const cached = await browser.get(address)
    expect(cached.status).toBe(200)
    expect(cached.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(cached.headers['content-type']).toContain('text/css')
    for (const other of ['/public/postern.css', '/public/postern.css?v=other', `${address}x`]) {
      const answer = await browser.get(other)
      expect(answer.headers['cache-control'], other).toBe('no-cache')
      expect(answer.headers['etag']).toBeDefined()
    }
  })
})

test('the log has one line for each request, with the route and never the query', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  await browser.get('/?account=111111111111&role=Mysterious')
  await browser.get('/nowhere?token=Mysterious')
  const line = web.logger.lines.findLast(({ fields }) => fields['route'] === '/')
  expect(line).toMatchObject({
    level: 'info',
    message: 'request',
    fields: { method: 'GET', route: '/', status: 200, person: expect.any(String) as string },
  })
  expect(web.logger.text()).not.toContain('Mysterious')
  expect(web.logger.text()).not.toContain('111111111111')
  expect(web.requests.at(-1)).toEqual({ route: 'none', method: 'GET', status: 404 })
})
