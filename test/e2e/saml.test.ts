import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SamlIdp, startSamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'

let folder: string
let sandbox: Sandbox
let idp: SamlIdp
let broker: BrokerProcess
let chromium: Browser

beforeAll(async () => {
  if (!hasChromium()) return
  folder = mkdtempSync(join(tmpdir(), 'postern-e2e-saml-'))
  sandbox = await startSandbox()
  const port = await freePort()
  const metadata = async () => {
    const answer = await fetch(`http://localhost:${port}/saml/demo/metadata`)
    return answer.text()
  }
  idp = await startSamlIdp({ serviceProviders: [{ label: 'Postern', metadata }] })
  const ports = { broker: port, aws: sandbox.port, idp: idp.port }
  broker = await startBrokerProcess(await writeDemoConfig(folder, ports), port)
  chromium = await launchChromium('localhost')
})

afterAll(async () => {
  if (!hasChromium()) return
  await chromium.close()
  await broker[Symbol.asyncDispose]()
  await idp.close()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

let context: BrowserContext
let page: Page
let violations: string[]

beforeEach(async (test) => {
  if (!hasChromium()) test.skip('needs chromium; install chromium')
  context = await chromium.newContext()
  violations = []
  await context.exposeFunction('tellViolation', (text: string) => violations.push(text))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { tellViolation } = window as Window & { tellViolation?: (text: string) => void }
      tellViolation?.(`${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  page = await context.newPage()
})

afterEach(async () => {
  if (!hasChromium()) return
  await context.close()
  expect(violations).toEqual([])
})

/** From Postern's page to the demo's identity provider, as one of its users. */
async function chooseAt(name: RegExp): Promise<void> {
  await page.getByRole('link', { name: 'Demo identity provider' }).click()
  await page.waitForURL(`${idp.url}/**`)
  await page.getByRole('button', { name }).click()
}

describe('the demo’s identity provider', () => {
  test('signs alice in, and out at both ends', async () => {
    await page.goto(broker.url)
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
    await chooseAt(/alice/i)
    await page.waitForURL(`${broker.url}/`)
    expect(await page.getByRole('banner').innerText()).toContain('by Demo identity provider')
    expect(await page.getByRole('main').innerText()).toContain('Admin')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in\?signed-out=both/)
    expect(await page.getByRole('main').innerText()).toContain(
      'You are signed out of Postern and of Demo identity provider.',
    )
    await page.getByRole('link', { name: 'Demo identity provider' }).click()
    await page.waitForURL(`${idp.url}/**`)
    // Asked again, so the session there has ended.
    expect(await page.getByRole('button', { name: /bob/i }).count()).toBe(1)
  })

  test('leads a portal link through to the console, in no click of Postern’s', async () => {
    await page.goto(`${broker.url}/console?account=222222222222&role=ReadOnly`)
    expect(await page.getByRole('main').innerText()).toContain('to go on to')
    await chooseAt(/bob/i)
    await page.waitForURL(/\/console\/home/)
    expect(await page.getByRole('main').innerText()).toContain('assumed-role/ReadOnly/bob')
  })

  test('signs carol in, who has no role and reads what to do', async () => {
    await page.goto(broker.url)
    await chooseAt(/carol/i)
    await page.waitForURL(`${broker.url}/`)
    expect(await page.getByRole('main').innerText()).toMatch(/no role/i)
  })

  test('works without JavaScript, by its buttons', async () => {
    const plain = await chromium.newContext({ javaScriptEnabled: false })
    page = await plain.newPage()
    await page.goto(broker.url)
    await chooseAt(/bob/i)
    await page.getByRole('button').first().click()
    await page.waitForURL(`${broker.url}/`)
    await plain.close()
  })

  test('starts a sign-in by itself from its own page, and ends it from there too', async () => {
    await page.goto(idp.url)
    await page.getByRole('button', { name: /bob/i }).click()
    await page.getByRole('link', { name: 'Postern' }).click()
    await page.waitForURL(`${broker.url}/`)
    await page.goto(idp.url)
    await page.getByRole('button', { name: /sign out/i }).click()
    await page.waitForURL(`${idp.url}/**`)
    await page.waitForLoadState('networkidle')
    await page.goto(broker.url)
    expect(page.url()).toContain('/sign-in')
  })
})
