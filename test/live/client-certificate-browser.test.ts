import type { Browser } from 'playwright-core'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { admittedPeer } from '../../src/identity/client-certificate/admitted-peer.ts'
import { tlsListenerOptions } from '../../src/identity/client-certificate/tls-listener-options.ts'
import { type DemoSignIn, demoSignIn } from '../support/certificates/demo-sign-in.ts'
import { type SignInServer, signInServer } from '../support/certificates/sign-in-server.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'

let demo: DemoSignIn
let server: SignInServer
let browser: Browser

beforeAll(async () => {
  if (!hasChromium()) return
  demo = await demoSignIn()
  const own = demo.pki.certificates.get('server')
  if (!own) throw new Error('no certificate for the server')
  const options = tlsListenerOptions({ ...own, authorities: demo.signIn.authorities() })
  server = await signInServer(
    demo.signIn,
    ({ socket }) => {
      if (!(socket instanceof TLSSocket)) throw new Error('no TLS')
      return admittedPeer(socket)
    },
    options,
  )
  browser = await launchChromium('localhost')
})

beforeEach((context) => {
  if (!hasChromium()) context.skip('Chromium is not installed; install chromium')
})

afterAll(async () => {
  if (!hasChromium()) return
  await browser.close()
  await server.close()
  await demo.close()
})

/** What a browser with this certificate, or none, is shown. */
async function visit(name?: string): Promise<unknown> {
  const origin = `https://localhost:${server.port}`
  const holder = name === undefined ? undefined : demo.pki.certificates.get(name)
  const certificates = holder && {
    clientCertificates: [
      { origin, cert: Buffer.from(holder.certificate), key: Buffer.from(holder.key) },
    ],
  }
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...certificates })
  try {
    const page = await context.newPage()
    await page.goto(origin)
    return JSON.parse(await page.locator('body').innerText())
  } finally {
    await context.close()
  }
}

describe('a browser', () => {
  test.each([
    ['alice', { name: 'alice@corp.example' }],
    ['machine', { name: 'spiffe://corp.example/machine/build' }],
    ['expired', { refusal: 'certificate_expired' }],
    ['revoked', { refusal: 'certificate_revoked' }],
    ['server', { refusal: 'certificate_usage' }],
  ])('with the certificate %s is shown who that is, or why not', async (name, expected) => {
    expect(await visit(name)).toMatchObject(expected)
  })

  test('without a certificate reads what to do', async () => {
    const shown = await visit()
    expect(shown).toMatchObject({ refusal: 'certificate_missing' })
    expect(shown).toHaveProperty('says', expect.stringContaining('Choose one'))
  })
})
