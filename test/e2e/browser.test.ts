import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { openWatchedPage } from '../support/watched-page.ts'

let folder: string
let sandbox: Sandbox
let broker: BrokerProcess
let chromium: Browser

beforeAll(async () => {
  if (!hasChromium()) return
  folder = mkdtempSync(join(tmpdir(), 'postern-e2e-'))
  sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  broker = await startBrokerProcess(config, port)
  chromium = await launchChromium('localhost', 'portal.test')
})

afterAll(async () => {
  if (!hasChromium()) return
  await chromium.close()
  await broker[Symbol.asyncDispose]()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

let context: BrowserContext
let page: Page
let violations: string[]

beforeEach(async (test) => {
  if (!hasChromium()) test.skip('needs chromium; install chromium')
  context = await chromium.newContext()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: broker.url })
  ;({ page, violations } = await openWatchedPage(context))
})

afterEach(async () => {
  if (!hasChromium()) return
  await context.close()
  expect(violations).toEqual([])
})

async function signIn(name: string): Promise<void> {
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(`${name}password`)
  await page.keyboard.press('Enter')
}

async function axeFinds(): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

describe('bob at a browser', () => {
  test('signs in, takes a role, copies it, opens the console, and signs out', async () => {
    await page.goto(broker.url)
    expect(await axeFinds()).toEqual([])
    await signIn('bob')
    await page.waitForURL(`${broker.url}/`)
    expect(await page.getByRole('main').innerText()).toMatch(
      /Production[^]*Development|Development[^]*Production/,
    )
    expect(await page.getByText('Admin').count()).toBe(0)
    expect(await axeFinds()).toEqual([])

    await page.getByRole('button', { name: /console.*ReadOnly.*Production/i }).click()
    await page.waitForURL(/\/role-sessions\//)
    expect(await axeFinds()).toEqual([])
    await page.getByRole('button', { name: /^Copy for bash/ }).click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toMatch(/export AWS_ACCESS_KEY_ID='ASIA[A-Z0-9]+'/)
    expect(copied).toContain(`export AWS_ENDPOINT_URL_STS='${sandbox.url}'`)
    expect(copied).not.toContain('•')
    expect(await page.getByText(/export AWS_SECRET_ACCESS_KEY='•+'/).count()).toBe(1)

    const [consolePage] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Open console' }).click(),
    ])
    await consolePage.waitForURL(/\/console\/home/)
    const stand = await consolePage.getByRole('main').innerText()
    expect(stand).toContain('arn:aws:sts::111111111111:assumed-role/ReadOnly/bob')
    expect(stand).toMatch(/Session ends.*in 1[12] h/s)

    const results = page.url()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in/)
    await page.goto(results)
    expect(page.url()).toMatch(/\/sign-in/)
    expect(await page.content()).not.toContain('ASIA')
  })

  test('reaches everything by keyboard alone', async () => {
    await page.goto(broker.url)
    await page.keyboard.type('alice')
    await page.keyboard.press('Tab')
    await page.keyboard.type('alicepassword')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${broker.url}/`)
    for (let stops = 0; stops < 40; stops += 1) {
      const text = await page.evaluate(() => document.activeElement?.textContent ?? '')
      if (text.includes('Console')) break
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/role-sessions\//)
    const focused = await page.evaluate(() => document.activeElement?.textContent.trim())
    expect(focused).toMatch(/Open console|Copy/)
  })

  test('does everything but copy without JavaScript', async () => {
    const plain = await chromium.newContext({ javaScriptEnabled: false })
    page = await plain.newPage()
    await page.goto(broker.url)
    await signIn('bob')
    await page
      .getByRole('button', { name: /ReadOnly.*Development/i })
      .first()
      .click()
    await page.waitForURL(/\/role-sessions\//)
    await page.getByRole('link', { name: /show secrets/i }).click()
    await page.getByText('fish', { exact: true }).click()
    expect(await page.getByRole('main').innerText()).toMatch(
      /set -gx AWS_SECRET_ACCESS_KEY ["']?[^•\s]{20,}/,
    )
    await plain.close()
  })
})

describe('the portal link', () => {
  const production = '/console?account=111111111111&role=ReadOnly'
  const development = '/console?account=222222222222&role=ReadOnly'

  test('leads from a tile through the sign-in to the console, in no click where the role allows it', async () => {
    await page.goto(broker.url + development)
    await signIn('bob')
    await page.waitForURL(/\/console\/home/)
    expect(await page.getByRole('main').innerText()).toContain('222222222222')
  })

  test('asks for one click where the role does not', async () => {
    await page.goto(broker.url + production)
    await signIn('bob')
    await page.waitForURL(/\/console\?/)
    expect(await page.getByRole('main').innerText()).toContain('Production')
    expect(await axeFinds()).toEqual([])
    await page.getByRole('button', { name: /open/i }).click()
    await page.waitForURL(/\/console\/home/)
    expect(await page.getByRole('main').innerText()).toContain('111111111111')
  })

  test('issues nothing to a page of another site that sends a signed-in browser there', async () => {
    await page.goto(broker.url)
    await signIn('bob')
    await page.waitForURL(`${broker.url}/`)
    const before = sandbox.issued().length
    const link = `${broker.url}${development}`
    const chosen = `${link}&destination=${encodeURIComponent(`${sandbox.url}/console/iam`)}`
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'text/html')
      const markup: Record<string, string> = {
        '/frame': `<iframe src="${link}"></iframe>`,
        '/image': `<img src="${link}"><link rel="prefetch" href="${link}"><script>fetch(${JSON.stringify(link)}, { mode: 'no-cors', credentials: 'include' })</script>`,
        '/post': `<form method="post" action="${link}"></form><script>document.forms[0].submit()</script>`,
        '/elsewhere': `<script>location = ${JSON.stringify(chosen)}</script>`,
      }
      response.end(`<!doctype html>${markup[request.url ?? ''] ?? ''}`)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    try {
      for (const attack of ['frame', 'image', 'post', 'elsewhere']) {
        await page.goto(`http://portal.test:${port}/${attack}`, { waitUntil: 'load' })
        await page.waitForLoadState('networkidle')
        expect(sandbox.issued().length, attack).toBe(before)
      }
      // The last one ended at the question, which names what it would open.
      expect(await page.getByRole('main').innerText()).toContain('/console/iam')
    } finally {
      server.close()
    }
  })
})
