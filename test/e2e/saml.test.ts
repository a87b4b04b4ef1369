import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { openWatchedPage } from '../support/watched-page.ts'

const root = join(import.meta.dirname, '..', '..')

let folder: string
let demo: ChildProcess
let broker: { readonly url: string }
let idp: { readonly url: string }
let chromium: Browser | undefined

/** As `npm start` runs it: the broker, AWS and the identity provider, each where nobody else is. */
beforeAll(async () => {
  if (!hasChromium()) return
  folder = mkdtempSync(join(tmpdir(), 'postern-e2e-saml-'))
  const [port, aws, idpPort] = [await freePort(), await freePort(), await freePort()]
  broker = { url: `http://localhost:${port}` }
  idp = { url: `http://localhost:${idpPort}` }
  demo = spawn(process.execPath, [join(root, 'scripts', 'start.cjs')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      POSTERN_SANDBOX_DIR: folder,
      POSTERN_PORT: String(port),
      POSTERN_SANDBOX_AWS_PORT: String(aws),
      POSTERN_SANDBOX_IDP_PORT: String(idpPort),
      POSTERN_CERTIFICATE_PORT: String(await freePort()),
    },
    stdio: 'ignore',
  })
  const isReady = async () => {
    const answer = await fetch(`${broker.url}/readyz`)
    if (!answer.ok) throw new Error(`the demo answers ${answer.status}`)
  }
  await vi.waitFor(isReady, { timeout: 20_000, interval: 100 })
  chromium = await launchChromium('localhost')
})

afterAll(async () => {
  if (!hasChromium()) return
  await chromium?.close()
  demo.kill('SIGTERM')
  if (demo.exitCode === null) await once(demo, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

function running(): Browser {
  if (!chromium) throw new Error('Chromium does not run')
  return chromium
}

let context: BrowserContext
let page: Page
let violations: string[]

beforeEach(async (test) => {
  if (!hasChromium()) test.skip('needs chromium; install chromium')
  context = await running().newContext()
  ;({ page, violations } = await openWatchedPage(context))
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
    // A role of her own, by the AWS role attribute, with the credentials of her own assertion.
    await page.getByRole('button', { name: /console.*Analyst.*Development/i }).click()
    await page.waitForURL(/\/role-sessions\//)
    expect(await page.getByRole('main').innerText()).toContain('Analyst')
    expect(await page.getByRole('link', { name: 'Open console' }).count()).toBe(1)
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
    const plain = await running().newContext({ javaScriptEnabled: false })
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
    await page.getByRole('link', { name: 'Postern', exact: true }).click()
    await page.waitForURL(`${broker.url}/`)
    await page.goto(idp.url)
    await page.getByRole('button', { name: /sign out/i }).click()
    await page.waitForURL(`${idp.url}/**`)
    await page.waitForLoadState('networkidle')
    await page.goto(broker.url)
    expect(page.url()).toContain('/sign-in')
  })
})
