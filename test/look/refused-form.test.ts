import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type LookServer, startLookServer } from './look-server.ts'

/** Pages that come back with a form, and what is wrong with it. */
const refused = ['role-error', 'session?profile=two+words', 'session-cli?profile=two+words']

describe('a form that was refused', { timeout: 30_000 }, () => {
  let server: LookServer
  let browser: Browser
  let page: Page

  beforeEach((context) => {
    if (!hasChromium()) context.skip('needs chromium')
  })

  beforeAll(async () => {
    if (!hasChromium()) return
    server = await startLookServer()
    browser = await launchChromium()
    page = await browser.newPage()
  })

  afterAll(async () => {
    if (!hasChromium()) return
    await browser.close()
    await server.close()
  })

  test.for(refused)(
    'begins with what is wrong, for readers of the screen too: %s',
    async (name) => {
      await page.goto(`${server.url}/look/${name}`)
      const summary = page.getByRole('alert')
      expect(await summary.evaluate((part) => part === document.activeElement)).toBe(true)
      expect(await page.locator('[autofocus]').count()).toBe(1)
      expect(await summary.evaluate((part) => part.getBoundingClientRect().bottom)).toBeLessThan(
        720,
      )
    },
  )

  test('issues nothing by a key that is held down while it comes back', async () => {
    for (const name of refused) {
      await page.goto(`${server.url}/look/${name}`)
      for (const key of ['Enter', 'Space', 'Enter']) await page.keyboard.press(key)
      expect(server.posted, name).toEqual([])
    }
  })

  test('has the fields of the form next', async () => {
    await page.goto(`${server.url}/look/role-error`)
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => document.activeElement?.getAttribute('name'))
    expect(name).toBe('consoleDuration')
  })
})
