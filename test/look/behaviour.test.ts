import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { formats } from '../../src/credentials/formats.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type LookServer, startLookServer } from './look-server.ts'
import { secretAccessKey, sessionToken, signInUrl } from './states.ts'

describe('the pages in a browser', { timeout: 30_000 }, () => {
  let server: LookServer
  let browser: Browser

  beforeEach((context) => {
    if (!hasChromium()) context.skip('needs chromium')
  })

  beforeAll(async () => {
    if (!hasChromium()) return
    server = await startLookServer()
    browser = await launchChromium()
  })

  afterEach(async () => {
    if (!hasChromium()) return
    server.posted.length = 0
    for (const context of browser.contexts()) await context.close()
  })

  afterAll(async () => {
    if (!hasChromium()) return
    await browser.close()
    await server.close()
  })

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      timezoneId: 'Asia/Kolkata',
      locale: 'en-GB',
      ...options,
    })
    const page = await context.newPage()
    await page.goto(`${server.url}/look/${name}`)
    return page
  }

  const withoutScripts = { javaScriptEnabled: false, permissions: [] }

  test('copy every format to the byte while the secrets stay hidden', async () => {
    const page = await open('session')
    for (const format of formats.filter(({ id }) => id !== 'values')) {
      await page.locator(`label[for="format-${format.id}"]`).click()
      await page.getByRole('button', { name: `Copy for ${format.label}`, exact: true }).click()
      const copied = await clipboard(page)
      const text = await page.locator(`#snippet-${format.id}`).textContent()
      expect(copied, format.id).toBe(text)
      expect(copied, format.id).toContain(secretAccessKey)
      expect(copied, format.id).toContain(sessionToken)
      expect(copied.endsWith('\n'), format.id).toBe(true)
    }
    expect(await visibleText(page)).not.toContain(secretAccessKey)
  })

  test('copy one value, and the link', async () => {
    const page = await open('session')
    await page.getByText('Single values').click()
    await page.getByRole('button', { name: 'Copy Session token' }).click()
    expect(await clipboard(page)).toBe(sessionToken)
    await page.getByRole('button', { name: 'Copy link' }).click()
    expect(await clipboard(page)).toBe(signInUrl)
  })

  test('say that something was copied, to the eye and to a screen reader', async () => {
    const page = await open('session')
    await page.getByRole('button', { name: 'Copy for bash, zsh' }).click()
    await page.getByRole('button', { name: 'Copied for bash, zsh' }).waitFor()
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor({ state: 'attached' })
  })

  test('select the text when the browser refuses to copy', async () => {
    const page = await open('session', { permissions: [] })
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))
    })
    await page.getByRole('button', { name: 'Copy for bash, zsh' }).click()
    await page.getByRole('button', { name: 'Press Ctrl C for bash, zsh' }).waitFor()
    expect(await page.evaluate('String(getSelection())')).toContain(secretAccessKey)
  })

  test('copy a report of what failed, line by line', async () => {
    const page = await open('error')
    await page.getByRole('button', { name: 'Copy report' }).click()
    const report = await clipboard(page)
    expect(report).toContain('Request ID: 01KAGZ3V9S0Q9J3E5T7QW8XN2M\n')
    expect(report).toContain('AWS request ID: 5e1f8a52-0c1d-4c6e-9c7b-3f1d2a7e9b40\n')
  })

  test('show and hide the secrets in place', async () => {
    const page = await open('session')
    const address = page.url()
    await page.getByRole('button', { name: 'Show secrets' }).focus()
    await page.keyboard.press('Space')
    expect(await visibleText(page)).toContain(secretAccessKey)
    await page.getByRole('button', { name: 'Hide secrets' }).click()
    expect(await visibleText(page)).not.toContain(secretAccessKey)
    expect(page.url()).toBe(address)
  })

  test('hide the secrets again when the page is put out of sight', async () => {
    const page = await open('session')
    await page.getByRole('button', { name: 'Show secrets' }).click()
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    expect(await visibleText(page)).not.toContain(secretAccessKey)
  })

  test('keep format and secrets when the region changes', async () => {
    const page = await open('session')
    await page.locator('label[for="format-fish"]').click()
    await page.getByRole('button', { name: 'Show secrets' }).click()
    await page.getByLabel('Region').selectOption('us-east-2')
    await page.getByLabel('Profile name').fill('mine')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.waitForURL(/region=us-east-2/)
    const seen = await visibleText(page)
    expect(seen).toContain(secretAccessKey)
    expect(seen).toContain("set -gx AWS_REGION 'us-east-2'")
    expect(await page.locator('#snippet-profile').textContent()).toContain('[mine]')
  })

  test('without JavaScript, change the format, show the secrets and issue anew', async () => {
    const page = await open('session', withoutScripts)
    expect(await page.getByRole('button', { name: /^Copy/ }).count()).toBe(0)
    await page.locator('label[for="format-powershell"]').click()
    expect(await visibleText(page)).toContain("$Env:AWS_ACCESS_KEY_ID = 'ASIAIOSFODNN7EXAMPLE'")
    expect(await visibleText(page)).toMatch(/\d\d:\d\d UTC/)
    await page.getByRole('link', { name: 'Show secrets' }).click()
    expect(await visibleText(page)).toContain(secretAccessKey)
    await page.getByRole('link', { name: 'Hide secrets' }).click()
    expect(await visibleText(page)).not.toContain(secretAccessKey)
    await page.getByRole('button', { name: 'Renew' }).click()
    expect(fieldsOf(server.posted[0])).toMatchObject({
      path: '/role-sessions',
      role: 'arn:aws:iam::111111111111:role/ReadOnly',
      console: 'true',
      duration: '3600',
      consoleDuration: '43200',
      region: 'eu-west-1',
    })
  })

  test('without JavaScript, sign in and get a role', async () => {
    const signIn = await open('sign-in', withoutScripts)
    await signIn.getByText('Local account').click()
    await signIn.getByLabel('User name').last().fill('bob')
    await signIn.getByLabel('Password').last().fill('bobpassword')
    await signIn.getByRole('button', { name: 'Sign in' }).last().click()
    const roles = await open('roles-many', withoutScripts)
    expect(await roles.getByRole('searchbox').count()).toBe(0)
    await roles
      .getByRole('button', { name: 'CLI 1 h as ReadOnly in payments-5', exact: true })
      .click()
    expect(server.posted.map((line) => fieldsOf(line))).toMatchObject([
      { path: '/sign-in/local', username: 'bob', password: 'bobpassword' },
      { path: '/role-sessions', role: 'arn:aws:iam::300038271605:role/ReadOnly', console: 'false' },
    ])
    expect(server.posted.every((line) => fieldsOf(line)['_csrf'] !== '')).toBe(true)
  })

  test('give the focus to what one came for', async () => {
    const places = {
      'sign-in': 'Corporate SSO',
      'sign-in-one': 'User name',
      'sign-in-error': 'Password',
      session: 'Open console, new tab',
      'session-cli': 'Copy for bash, zsh',
      'session-link-expired': 'Make a new link',
      'session-ended': 'Get new ones for 1 h',
      'roles-many': 'Find a role by account, number or name',
    }
    const page = await open('sign-in')
    for (const [name, label] of Object.entries(places)) {
      await page.goto(`${server.url}/look/${name}`)
      expect(await focused(page), name).toBe(label)
    }
  })

  test('have what one came for one Tab away, where a key too many would hurt', async () => {
    const places = {
      roles: 'Console 1 h as ReadOnly in Development',
      'portal-link': 'Open console',
      'terminal-device': 'Approve',
      'terminal-authorize': 'Approve',
      error: 'All roles',
      'no-roles': 'cloud-desk@corp.example',
    }
    const page = await open('roles')
    for (const [name, label] of Object.entries(places)) {
      await page.goto(`${server.url}/look/${name}`)
      await page.keyboard.press('Tab')
      expect(await focused(page), name).toBe(label)
    }
  })

  test('issue nothing by a key that is held down while the page opens', async () => {
    const page = await open('portal-link')
    const questions = ['portal-link', 'terminal-device', 'terminal-authorize', 'terminals']
    for (const name of [...questions, 'roles', 'roles-many', 'roles-selected']) {
      await page.goto(`${server.url}/look/${name}`)
      for (const key of ['Enter', 'Space', 'Enter']) await page.keyboard.press(key)
      expect(server.posted, name).toEqual([])
    }
  })

  test('filter roles while one types, and open the first by Enter', async () => {
    const page = await open('roles-many')
    await page.keyboard.type('ledger-1 dep')
    expect(await page.locator('#found').textContent()).toBe('3 roles in 3 accounts')
    await page.keyboard.press('Enter')
    await page.waitForURL(/role-sessions$/)
    expect(fieldsOf(server.posted[0])).toMatchObject({
      role: 'arn:aws:iam::300007654321:role/Deploy',
      console: 'true',
    })
  })

  test('ask for a second Enter in a dangerous account', async () => {
    const page = await open('roles-many')
    await page.keyboard.type('3000 2296 2963 admin')
    await page.keyboard.press('Enter')
    expect(server.posted).toEqual([])
    expect(await focused(page)).toBe('Console 12 h as Admin in analytics-3')
    await page.keyboard.press('Enter')
    await page.waitForURL(/role-sessions$/)
    expect(server.posted).toHaveLength(1)
  })

  test('find nothing, say so, and show all again on Escape', async () => {
    const page = await open('roles-many')
    await page.keyboard.type('no such role')
    expect(await page.locator('#nothing').isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    expect(await page.locator('#found').textContent()).toBe('400 roles in 100 accounts')
    expect(server.posted).toEqual([])
  })

  test('take the code of a terminal as it is typed', async () => {
    const page = await open('device')
    await page.keyboard.type('wdjb-mjht')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${server.url}/device`)
    expect(server.posted.map((line) => fieldsOf(line))).toMatchObject([{ user_code: 'wdjb-mjht' }])
  })

  test('walk the roles with the arrow keys', async () => {
    const page = await open('roles')
    await page.keyboard.press('Tab')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('CLI 1 h as Admin in Production')
  })

  test('send a form once, however often it is pressed', async () => {
    const page = await open('portal-link')
    await page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>('form.actions')
      form?.requestSubmit()
      form?.requestSubmit()
    })
    await page.waitForURL(/console$/)
    expect(server.posted.map((line) => fieldsOf(line))).toMatchObject([
      { path: '/console', account: '111111111111', role: 'ReadOnly' },
    ])
  })

  test('post the durations that were chosen', async () => {
    const page = await open('role')
    await page.getByText('8 h').click()
    await page
      .getByRole('radio', { name: /^15 min/ })
      .last()
      .focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Get console and CLI' }).click()
    await page.waitForURL(/role-sessions$/)
    expect(fieldsOf(server.posted[0])).toMatchObject({
      role: 'arn:aws:iam::111111111111:role/ReadOnly',
      console: 'true',
      duration: '900',
      consoleDuration: '28800',
      region: 'eu-west-1',
      destination: '',
    })
  })

  test('show each time as the reader’s own', async () => {
    const page = await open('roles')
    expect(await page.locator('.visitor time').textContent()).toContain('23:30')
  })

  test('take the link away after its 15 minutes, and the secrets at their end', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.clock.install()
    await page.goto(`${server.url}/look/session`)
    await page.clock.fastForward('14:59')
    expect(await page.getByRole('link', { name: /Open console/ }).isVisible()).toBe(true)
    await page.clock.fastForward('00:03')
    expect(await page.getByRole('link', { name: /Open console/ }).count()).toBe(0)
    expect(await page.content()).not.toContain('SigninToken')
    expect(await page.content()).toContain(secretAccessKey)
    await page.clock.fastForward('45:00')
    expect(await page.content()).not.toContain(secretAccessKey)
    expect(await page.getByRole('button', { name: 'Get new ones' }).isVisible()).toBe(true)
    expect(await page.title()).toMatch(/^Ended/)
  })

  test('hold the button until the wait is over', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.clock.install()
    await page.goto(`${server.url}/look/sign-in-limited`)
    const button = page.locator('.method-first button')
    await page.getByLabel('Password').first().fill('x')
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Enter')
    expect(server.posted).toEqual([])
    await page.clock.fastForward('00:41')
    expect(await button.getAttribute('aria-disabled')).toBeNull()
    await page.keyboard.press('Enter')
    await page.waitForURL(/sign-in\/local$/)
  })

  test('print no credential and no link', async () => {
    const page = await open('session')
    await page.getByRole('button', { name: 'Show secrets' }).click()
    await page.getByText('Show the link').click()
    await page.emulateMedia({ media: 'print' })
    const seen = await visibleText(page)
    expect(seen).not.toContain(secretAccessKey)
    expect(seen).toContain('Production')
    expect(await page.locator('#console-url').isVisible()).toBe(false)
  })
})

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

function visibleText(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText)
}

/** The words of what has the focus, as a screen reader would say them. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const part = document.activeElement
    const label = part instanceof HTMLInputElement ? part.labels?.[0] : undefined
    const words = part?.getAttribute('aria-label') ?? label?.textContent ?? part?.textContent ?? ''
    return words.replace(/\s+/g, ' ').trim()
  })
}

function fieldsOf(posted: string | undefined): Record<string, string> {
  const [path = '', query] = (posted ?? '').split('?')
  return { path, ...Object.fromEntries(new URLSearchParams(query)) }
}
