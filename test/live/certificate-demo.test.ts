import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { certifiedChromium } from '../support/certificates/certified-chromium.ts'
import { hasChromium } from '../support/chromium.ts'
import { type DemoProcess, startDemo } from '../support/demo-process.ts'
import { requireCommand } from '../support/require-command.ts'

const [curl] = requireCommand('curl', 'curl')
const [certutil] = requireCommand('certutil', 'libnss3-tools')
const run = promisify(execFile)
const readOnly = 'arn:aws:iam::222222222222:role/ReadOnly'

let demo: DemoProcess
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(async () => {
  await demo[Symbol.asyncDispose]()
})

/** What curl prints of an answer: the body, and the status on a line of its own. */
async function curled(holder: string | undefined, ...args: readonly string[]): Promise<string> {
  const file = (name: string) => join(demo.folder, name)
  const certificate = holder === undefined ? [] : ['--cert', file(`${holder}.pem`)]
  const { stdout } = await run(curl ?? 'curl', [
    ...['--silent', '--cacert', file('ca.pem'), '--write-out', '\n%{http_code}'],
    ...certificate,
    ...args,
  ])
  return stdout
}

describe('curl --cert', () => {
  const issue = () => [
    ...['--json', JSON.stringify({ role: readOnly })],
    `${demo.certificates}/api/v1/role-sessions`,
  ]
  beforeEach((context) => {
    if (curl === undefined) context.skip('needs curl')
  })

  test.each(['alice', 'bob', 'machine'])('gives %s credentials in one request', async (holder) => {
    expect(await curled(holder, ...issue())).toMatch(/"secretAccessKey":"[^"]+".*\n201$/)
  })

  test.each([
    ['expired', /has expired.*\n403$/],
    ['revoked', /has been revoked.*\n403$/],
    [undefined, /sent no certificate.*\n403$/],
  ])('says to %s why not', async (holder, why) => {
    expect(await curled(holder, ...issue())).toMatch(why)
  })
})

describe('Chromium with the imported alice.p12', () => {
  let context: BrowserContext | undefined
  const violations: string[] = []

  beforeEach((test) => {
    if (!hasChromium()) test.skip('needs chromium')
    if (certutil === undefined) test.skip('needs libnss3-tools')
    if (process.getuid?.() !== 0) test.skip('needs root, for a policy of Chromium')
  })

  afterEach(async () => {
    await context?.close()
    context = undefined
  })

  async function open(name: string, holder?: string): Promise<BrowserContext> {
    const folder = join(demo.folder, `home-${name}`)
    mkdirSync(folder)
    const opened = await certifiedChromium({
      folder,
      authority: join(demo.folder, 'ca.pem'),
      holder:
        holder === undefined ? undefined : { file: join(demo.folder, holder), password: 'postern' },
      origin: demo.certificates,
    })
    await opened.exposeFunction('tellViolation', (text: string) => violations.push(text))
    await opened.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const { tellViolation } = window as Window & { tellViolation?: (text: string) => void }
        tellViolation?.(`${event.violatedDirective} ${event.blockedURI}`)
      })
    })
    return opened
  }

  test('signs in from the sign-in page and goes on to credentials and console', async () => {
    context = await open('alice', 'alice.p12')
    const page = await context.newPage()
    await page.goto(`${demo.url}/role?account=222222222222&role=ReadOnly`)
    await page.getByRole('link', { name: 'Demo certificate' }).click()
    await page.waitForURL(`${demo.url}/role?account=222222222222&role=ReadOnly`)
    expect(await page.getByRole('banner').innerText()).toContain('alice@corp.example')
    await page.goto(demo.url)
    await page.getByRole('button', { name: /console.*ReadOnly.*Development/i }).click()
    await page.waitForURL(/\/role-sessions\//)
    expect(await page.getByRole('main').innerText()).toMatch(/export AWS_ACCESS_KEY_ID='ASIA\w+'/)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in\?signed-out/)
    expect(violations).toEqual([])
  })

  test('without a certificate reads why, on a page that leads back', async () => {
    context = await open('nobody')
    const page = await context.newPage()
    await page.goto(`${demo.url}/sign-in`)
    await page.getByRole('link', { name: 'Demo certificate' }).click()
    await page.waitForURL(`${demo.certificates}/**`)
    const main = page.getByRole('main')
    expect(await main.innerText()).toContain('sent no certificate')
    const { violations: found } = await new AxeBuilder({ page }).analyze()
    expect(found.map(({ id }) => id)).toEqual([])
    await main.getByRole('link', { name: 'Sign in' }).click()
    await page.waitForURL(`${demo.url}/sign-in`)
    expect(violations).toEqual([])
  })
})
