import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type LookServer, startLookServer } from './look-server.ts'
import { states } from './states.ts'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** The same rows forty times over take axe ten seconds. */
const tooLongForAxe = 'roles-many'

describe('every page in every state', { timeout: 30_000 }, () => {
  let server: LookServer
  let browser: Browser
  let page: Page
  const faults: string[] = []

  beforeEach((context) => {
    if (!hasChromium()) context.skip('needs chromium')
  })

  beforeAll(async () => {
    if (!hasChromium()) return
    server = await startLookServer()
    browser = await launchChromium()
    page = await watchedPage(browser, faults)
  })

  afterAll(async () => {
    if (!hasChromium()) return
    await browser.close()
    await server.close()
  })

  test.for(Object.keys(states))('%s: axe finds nothing, and nothing sticks out', async (name) => {
    faults.length = 0
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.emulateMedia({ colorScheme: 'light' })
    const response = await page.goto(`${server.url}/look/${name}`)
    expect(response?.status()).toBe(200)
    expect(await lowTargets(page)).toEqual([])
    if (name !== tooLongForAxe) {
      expect(await violations(new AxeBuilder({ page }).withTags(rules))).toEqual([])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await violations(new AxeBuilder({ page }).withRules('color-contrast'))).toEqual([])
    }
    // 320 px are what a window of 1280 px has at 400 % (WCAG 2.2, 1.4.10).
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await overflow(page)).toEqual([])
    // A window of 1280 px at 200 % is one of 640 px with letters of their usual size.
    await page.setViewportSize({ width: 640, height: 400 })
    expect(await overflow(page)).toEqual([])
    expect(faults).toEqual([])
  })

  test('opens every disclosure without a fault of axe', async () => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.goto(`${server.url}/look/session`)
    for (const summary of await page.locator('summary').all()) await summary.click()
    await page.getByText('Single values').click()
    await page.getByRole('button', { name: 'Show secrets' }).click()
    expect(await violations(new AxeBuilder({ page }).withTags(rules))).toEqual([])
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await overflow(page)).toEqual([])
  })
})

/** A page that notes each broken policy, each file that is missing, each script that fails, and each hostile string that runs. */
async function watchedPage(browser: Browser, faults: string[]): Promise<Page> {
  // Without motion, or a change of scheme would be measured in the middle of a transition.
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  await page.exposeFunction('reportFault', (fault: string) => faults.push(fault))
  await page.addInitScript(`
    addEventListener('securitypolicyviolation', (event) => {
      reportFault(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample)
    })
  `)
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`)
  })
  page.on('requestfailed', (request) => faults.push(`failed ${request.url()}`))
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return page
}

/** Without the frames of other origins that axe would look for: there are none. */
async function violations(axe: AxeBuilder): Promise<string[]> {
  const found = await axe.setLegacyMode(true).analyze()
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
}

/** What sticks out to the right, as HTML; nothing when the page doesn't scroll sideways. */
function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.body.querySelectorAll('*')]
      .filter((part) => part.getBoundingClientRect().right > clientWidth + 1)
      .map((part) => part.outerHTML.slice(0, 200))
      .slice(0, 3)
      .concat(`scrolls ${scrollWidth} in ${clientWidth}`)
  })
}

/** What can be pressed and is too low to be hit. */
function lowTargets(page: Page): Promise<string[]> {
  return page.$$eval('button, .button, .go, summary, select, .field input', (parts) =>
    parts
      .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 32)
      .map((part) => part.outerHTML),
  )
}
