import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { formats } from '../../src/credentials/formats.ts'
import { clipboard, pagesInChromium, withoutScripts } from './pages-in-chromium.ts'
import { secretAccessKey, sessionToken, signInUrl } from './role-session-states.ts'

describe('the page of a role session in a browser', { timeout: 30_000 }, () => {
  const { addressOf, newPage, open, posted } = pagesInChromium()

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
    expect(posted()[0]).toMatchObject({
      path: '/role-sessions',
      role: 'arn:aws:iam::111111111111:role/ReadOnly',
      console: 'true',
      duration: '3600',
      consoleDuration: '43200',
      region: 'eu-west-1',
    })
  })

  test('take the link away after its 15 minutes, and the secrets at their end', async () => {
    const page = await newPage()
    await page.clock.install()
    await page.goto(addressOf('session'))
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

function visibleText(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText)
}
