import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compose, type Postern } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { listen, portOf } from '../../src/web/listener.ts'
import { base } from '../config/configuration.ts'
import { hasChromium, launchTrusting } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { genuinePlan, toBase64 } from '../support/saml/attack-kit.ts'
import { logoutRequestXml, signedPost } from '../support/saml/idp-logout.ts'
import { entityXml, service } from '../support/saml/idp-metadata.ts'
import { readRequest } from '../support/saml/read-request.ts'
import { samlCast } from '../support/saml/saml-cast.ts'
import { assertionXml, responseXml, signElement } from '../support/saml/saml-response.ts'
import { makeTestKey } from '../support/saml/self-signed.ts'
import { silentLogger } from '../support/silent-logger.ts'

// Two ports of localhost are one site, and would hide what this is about: two names over https are two.
const tls = makeTestKey({ subject: 'broker.test' })
const { idp, serviceProvider } = samlCast()

let folder: string
let brokerUrl: string
let providerUrl: string
let postern: Postern
const servers: Server[] = []
let chromium: Browser

/** What a form on the provider's page would send; set by each test that has one of its own. */
let pageOf: (path: string) => string

function selfSending(action: string, fields: Readonly<Record<string, string>>): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  )
  return `<form method="post" action="${action}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`
}

/** The provider's answer to a request, as its page sends it. */
function answerTo(path: string): Record<string, string> {
  const url = `${providerUrl}${path}`
  const requestId = readRequest(url).requestId
  const relayState = new URL(url).searchParams.get('RelayState') ?? ''
  const target = {
    audience: `${brokerUrl}/saml/corp/metadata`,
    recipient: `${brokerUrl}/saml/corp/acs`,
    issuer: 'https://idp.example/entity',
    now: () => Date.now(),
    begin: () => Promise.reject(new Error('not here')),
    post: () => Promise.reject(new Error('not here')),
  }
  const plan = genuinePlan(target, { requestId, relayState, browser: '' })
  const assertion = signElement(assertionXml(plan), plan.assertionId, idp)
  return { SAMLResponse: toBase64(responseXml(plan, assertion)), RelayState: relayState }
}

beforeAll(async () => {
  if (!hasChromium()) return
  folder = mkdtempSync(join(tmpdir(), 'postern-two-sites-'))
  const port = await freePort()
  brokerUrl = `https://broker.test:${port}`
  const provider = createServer(
    { key: tls.privateKey, cert: tls.certificate },
    (request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html>${pageOf(request.url ?? '')}`)
    },
  )
  provider.listen(0, '127.0.0.1')
  await once(provider, 'listening')
  servers.push(provider)
  providerUrl = `https://idp.test:${portOf(provider)}`
  const files = {
    'audit.key': 'k'.repeat(64),
    'idp.xml': entityXml({
      keys: [{ key: idp }],
      signIn: service('SingleSignOnService', 'redirect', `${providerUrl}/sso`),
      logout: service('SingleLogoutService', 'redirect', `${providerUrl}/slo`),
    }),
    'sp.pem': serviceProvider.certificate,
    'sp.key': serviceProvider.privateKey,
    'postern.yaml': JSON.stringify({
      ...base,
      publicUrl: brokerUrl,
      listen: { host: '127.0.0.1', port },
      signIn: [
        {
          id: 'corp',
          type: 'saml',
          metadata: './idp.xml',
          signing: [{ certificate: '${file:sp.pem}', key: '${file:sp.key}' }],
        },
      ],
      grants: [],
      audit: { key: '${file:audit.key}' },
      state: 'sqlite:./postern.db',
    }),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  postern = await compose(loadConfig(join(folder, 'postern.yaml'), {}), { logger: silentLogger })
  const at = { host: '127.0.0.1', port, tls: { certificate: tls.certificate, key: tls.privateKey } }
  servers.push(...(await listen(postern.app, at)))
  chromium = await launchTrusting([tls.certificate], 'broker.test', 'idp.test', 'evil.test')
})

afterAll(async () => {
  if (!hasChromium()) return
  await chromium.close()
  for (const server of servers) server.close()
  await postern.close()
  rmSync(folder, { recursive: true })
})

let context: BrowserContext
let page: Page

beforeEach(async (test) => {
  if (!hasChromium()) test.skip('needs chromium; install chromium')
  pageOf = (path) => selfSending(`${brokerUrl}/saml/corp/acs`, answerTo(path))
  context = await chromium.newContext()
  page = await context.newPage()
})

afterEach(async () => {
  if (hasChromium()) await context.close()
})

const isPost = (path: string) => (request: Request) =>
  request.method() === 'POST' && request.url() === `${brokerUrl}${path}`

async function cookieNames(request: Request): Promise<readonly string[]> {
  const { cookie = '' } = await request.allHeaders()
  return cookie.split('; ').map((pair) => pair.split('=')[0] ?? '')
}

describe('provider and Postern on two sites', () => {
  test('sign in by a cross-site POST, with which no Lax cookie comes along', async () => {
    const [post] = await Promise.all([
      page.waitForRequest(isPost('/saml/corp/acs')),
      page.goto(`${brokerUrl}/role?account=111111111111&role=ReadOnly`),
    ])
    await page.waitForURL(/\/role\?/)
    const sent = await cookieNames(post)
    expect(sent).toContain('__Host-postern-journey')
    // The browser has this one, and keeps it: what is bound to it must not be asked for here.
    expect(sent).not.toContain('__Host-postern-visitor')
    const cookies = new Map((await context.cookies()).map((cookie) => [cookie.name, cookie]))
    expect(cookies.get('__Host-postern-visitor')?.sameSite).toBe('Lax')
    expect(cookies.get('__Host-postern-journey')).toMatchObject({
      sameSite: 'None',
      secure: true,
      httpOnly: true,
    })
    expect(cookies.get('__Host-postern')).toMatchObject({ sameSite: 'Lax', secure: true })
    expect(await page.getByRole('banner').innerText()).toContain('alice@corp.example')
  })

  test('refuse in one browser what another has started', async () => {
    let captured: Record<string, string> = {}
    pageOf = (path) => {
      if (path.startsWith('/sso')) captured = answerTo(path)
      return 'kept'
    }
    await page.goto(`${brokerUrl}/sign-in/corp`)
    const victim = await chromium.newContext()
    const theirs = await victim.newPage()
    await theirs.goto(`${brokerUrl}/sign-in?ended=yes`)
    pageOf = () => selfSending(`${brokerUrl}/saml/corp/acs`, captured)
    await theirs.goto(`${providerUrl.replace('idp.test', 'evil.test')}/prize`)
    await theirs.waitForURL(`${brokerUrl}/saml/corp/acs`)
    expect(await theirs.getByRole('main').innerText()).toContain('You are not signed in')
    const names = (await victim.cookies()).map(({ name }) => name)
    expect(names).not.toContain('__Host-postern')
    await victim.close()
  })

  test('sign out by a cross-site POST, which brings no session', async () => {
    await page.goto(brokerUrl)
    await page.waitForURL(`${brokerUrl}/`)
    const path = '/saml/corp/logout'
    const nameId = `<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">alice@corp.example</saml:NameID>`
    const xml = logoutRequestXml({ destination: `${brokerUrl}${path}`, nameIdElement: nameId })
    const SAMLRequest = toBase64(signedPost(xml, idp))
    pageOf = (asked) =>
      asked === '/out' ? selfSending(`${brokerUrl}${path}`, { SAMLRequest }) : 'done'
    const [post] = await Promise.all([
      page.waitForRequest(isPost(path)),
      page.goto(`${providerUrl}/out`),
    ])
    await page.waitForURL(`${providerUrl}/slo?*`)
    expect(await cookieNames(post)).not.toContain('__Host-postern')
    const response = readRequest(page.url()).xml
    expect(response).toContain('status:Success')
    await page.goto(`${brokerUrl}/role?account=111111111111&role=ReadOnly`)
    expect(page.url()).toContain('/sign-in')
  })
})
