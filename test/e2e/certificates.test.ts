import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tlsAsk, type TlsAnswer, type TlsAsked } from '../support/certificates/tls-ask.ts'
import { type DemoProcess, startDemo } from '../support/demo-process.ts'

let demo: DemoProcess
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
})

const readOnly = 'arn:aws:iam::222222222222:role/ReadOnly'
const admin = 'arn:aws:iam::111111111111:role/Admin'

function ask(path: string, holder?: string, asked: TlsAsked = {}): Promise<TlsAnswer> {
  const pem = holder === undefined ? undefined : demo.read(`${holder}.pem`)
  return tlsAsk(`${demo.certificates}${path}`, {
    ca: demo.read('ca.pem'),
    ...(pem !== undefined && { certificate: { certificate: pem, key: pem } }),
    ...asked,
  })
}

function askFor(role: string, holder?: string): Promise<TlsAnswer> {
  const headers = { 'content-type': 'application/json' }
  return ask('/api/v1/role-sessions', holder, {
    method: 'POST',
    headers,
    body: JSON.stringify({ role }),
  })
}

describe('the certificates of the demo', () => {
  test('are told of at the start', () => {
    expect(demo.said()).toContain(
      `Certificates are taken on ${demo.certificates}. Import ./alice.p12`,
    )
    expect(demo.said()).toContain(`--cert ./machine.pem ${demo.certificates}/api/v1/roles`)
  })

  test.each([
    ['alice', admin, 'alice@corp.example'],
    ['bob', readOnly, 'bob@corp.example'],
    ['machine', readOnly, 'spiffe'],
  ])('give %s a role session in one request', async (holder, role, name) => {
    const { status, text } = await askFor(role, holder)
    expect([status, text]).toEqual([201, expect.stringContaining('"accessKeyId":"ASIA')])
    const answer: unknown = JSON.parse(text)
    expect(answer).toMatchObject({ role })
    const me = await ask('/api/v1/me', holder)
    expect(me.text).toContain(name)
    expect(JSON.parse(me.text)).toMatchObject({ by: 'certificate', method: { id: 'certificate' } })
  })

  test('give nobody what was not granted', async () => {
    expect(await askFor(admin, 'bob')).toMatchObject({ status: 403 })
    expect(await askFor(admin, 'machine')).toMatchObject({ status: 403 })
  })

  test.each([
    ['expired', 'has expired'],
    ['revoked', 'has been revoked'],
    ['server', 'lacks client authentication'],
    [undefined, 'sent no certificate'],
  ])('refuse %s and say why', async (holder, why) => {
    const { status, text } = await askFor(readOnly, holder)
    expect(status).toBe(403)
    expect(JSON.parse(text)).toMatchObject({
      error: 'access_denied',
      error_description: expect.stringContaining(why) as string,
    })
  })

  test('are offered on the sign-in page', async () => {
    const page = await tlsAsk(`${demo.url}/sign-in`)
    expect(page.text).toContain('href="/sign-in/certificate"')
    expect(page.text).toContain('Demo certificate')
  })
})
