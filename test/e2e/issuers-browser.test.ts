import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type IssuerLab, issuerRoles, openIssuerLab } from '../support/issuer-lab.ts'
import { openWatchedPage } from '../support/watched-page.ts'

let lab: IssuerLab
let chromium: Browser

beforeAll(async () => {
  if (!hasChromium()) return
  lab = await openIssuerLab()
  chromium = await launchChromium('localhost')
})

afterAll(async () => {
  if (!hasChromium()) return
  await chromium.close()
  await lab[Symbol.asyncDispose]()
})

let context: BrowserContext
let page: Page
let violations: string[]

beforeEach(async (test) => {
  if (!hasChromium()) test.skip('needs chromium; install chromium')
  context = await chromium.newContext()
  ;({ page, violations } = await openWatchedPage(context))
})

afterEach(async () => {
  if (!hasChromium()) return
  await context.close()
  expect(violations).toEqual([])
})

async function signIn(): Promise<void> {
  await page.getByLabel('User name').fill('bob')
  await page.getByLabel('Password').fill('bobpassword')
  await page.keyboard.press('Enter')
}

/** What the console says of who is signed in, behind the results page. */
async function console(): Promise<string> {
  await page.waitForURL(/\/role-sessions\/[\w-]{22}$/)
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open console' }).click(),
  ])
  await opened.waitForURL(/\/console\/home/)
  return opened.getByRole('main').innerText()
}

const start = 'arn:aws:sts::111111111111'

describe('in a browser, from the sign-in to the console', () => {
  test.each(issuerRoles)('by %s', async (role) => {
    await page.goto(lab.broker.url)
    await signIn()
    await page.waitForURL(`${lab.broker.url}/`)
    await page.getByRole('button', { name: new RegExp(`console.* as ${role} in`, 'i') }).click()
    const who = role === 'Federated' ? 'federated-user' : `assumed-role/${role}`
    expect(await console()).toContain(`${start}:${who}/bob`)
  })

  test('by a form that Postern signs and the browser posts to AWS', async () => {
    await page.goto(`${lab.broker.url}/console?account=111111111111&role=Saml`)
    await signIn()
    await page.waitForURL(/\/console\?/)
    await page.getByRole('main').getByRole('button').first().click()
    await page.waitForURL(`${lab.aws.url}/**`)
    expect(await page.getByRole('main').innerText()).toContain(`${start}:assumed-role/Saml/bob`)
    expect(lab.aws.issued().at(-1)).toMatchObject({ api: 'ConsoleSamlSignIn' })
  })

  test('by the response of the company’s provider, without a click where it names one role', async () => {
    await page.goto(`${lab.broker.url}/sign-in/corp`)
    expect(await console()).toContain(`${start}:assumed-role/Passed/bob`)
  })

  test('by one of the roles that the company’s provider names', async () => {
    lab.company.names = ['Passed', 'PassedToo']
    await page.goto(`${lab.broker.url}/sign-in/corp`)
    await page.waitForURL(`${lab.broker.url}/`)
    await page.getByRole('button', { name: /console.* as PassedToo in/i }).click()
    expect(await console()).toContain(`${start}:assumed-role/PassedToo/bob`)
  })
})
