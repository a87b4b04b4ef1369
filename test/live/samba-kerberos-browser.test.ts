import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { host, type KerberosBroker, startKerberosBroker } from './samba/kerberos-broker.ts'
import { requirePrograms } from './samba/require-programs.ts'
import { domain, requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'
import { launchTicketBrowser, type TicketBrowser } from './samba/ticket-browser.ts'
import { logOn, ticketEnvironment } from './samba/tickets.ts'

const runs =
  requireSamba() &&
  requirePrograms({
    '/usr/bin/kinit': 'krb5-user',
    '/usr/bin/chromium': 'chromium',
    '/usr/bin/krb5-config': 'libkrb5-dev',
    '/usr/bin/g++': 'g++',
    '/usr/bin/make': 'make',
  })
const opened = new AsyncDisposableStack()
let samba: SambaDirectory
let broker: KerberosBroker

beforeAll(async () => {
  if (!runs) return
  samba = opened.use(await startSamba())
  broker = opened.use(await startKerberosBroker(samba, { automatic: true }))
  logOn(samba, 'bob')
}, 480_000)

afterAll(async () => {
  await opened.disposeAsync()
}, 60_000)

/** The browser of somebody; `allowed`: whether it was told to trust Postern with tickets. */
function browserOf(user: string, { allowed = true, evilPage = '' } = {}): Promise<TicketBrowser> {
  const env = ticketEnvironment(samba, user)
  return launchTicketBrowser({ env, allowed: allowed ? [host] : [], evilPage })
}

async function isSignedIn(page: Page): Promise<boolean> {
  return (await page.context().cookies(broker.origin)).some(({ name }) => name === '__Host-postern')
}

describe('Chromium on a computer of the domain', () => {
  test('is signed in without typing or clicking, and comes to where it was going', async () => {
    await using chromium = await browserOf('bob')
    const page = await chromium.context.newPage()
    await page.goto(`${broker.origin}/role?account=111111111111&role=ReadOnly`)
    await page.getByText('by Windows session').waitFor()
    expect(page.url()).toContain('/role?account=111111111111')
    expect((await broker.trail()).at(-1)).toMatchObject({ type: 'signed-in', name: 'bob' })
  })

  test('stays signed out once it has signed out, until somebody clicks', async () => {
    await using chromium = await browserOf('bob')
    const page = await chromium.context.newPage()
    await page.goto(broker.origin)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in?signed-out=yes')
    await page.waitForTimeout(500)
    expect(await isSignedIn(page)).toBe(false)
    await page.getByRole('link', { name: 'Windows session' }).click()
    await page.getByText('by Windows session').waitFor()
  })

  test('is not signed in by a page of another site, neither by link, frame nor script', async () => {
    const target = `${broker.origin}/sign-in/windows`
    const evilPage = `<a id="method" href="${target}">method</a>
      <a id="home" href="${broker.origin}/">home</a>
      <iframe src="${target}"></iframe><img src="${target}">
      <script>
        fetch('${target}', { mode: 'no-cors', credentials: 'include' }).catch(() => {})
      </script>`
    const before = (await broker.trail()).length
    await using chromium = await browserOf('bob', { evilPage })
    for (const link of ['#method', '#home']) {
      const page = await chromium.context.newPage()
      await page.goto('http://evil.test/')
      await page.waitForLoadState('networkidle')
      await page.locator(link).click()
      await page.waitForURL(`${broker.origin}/sign-in`)
      await page.waitForTimeout(500)
      expect(await isSignedIn(page)).toBe(false)
    }
    expect((await broker.trail()).length).toBe(before)
    const [page] = chromium.context.pages().slice(-1)
    await page?.getByRole('link', { name: 'Windows session' }).click()
    await page?.getByText('by Windows session').waitFor()
  })
})

describe('Chromium that sends no ticket', () => {
  test.each([
    ['because nobody told it to trust Postern', 'bob', false],
    ['because there is none', 'nobody', true],
  ])('%s, is shown the form at once, and signs in by it', async (_why, user, allowed) => {
    await using chromium = await browserOf(user, { allowed })
    const page = await chromium.context.newPage()
    await page.goto(broker.origin)
    await page.getByText('Your computer did not sign you in.').waitFor()
    await page.getByRole('textbox', { name: 'User name' }).fill('bob')
    await page.getByRole('textbox', { name: 'Password' }).fill(domain.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('by Windows user name and password').waitFor()
  })
})
