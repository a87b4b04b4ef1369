import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { type LookServer, startLookServer } from './look-server.ts'

export const withoutScripts = { javaScriptEnabled: false, permissions: [] }

/** The pages in their states and a browser before them, for the tests of the `describe` that this stands in. */
export function pagesInChromium() {
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

  const addressOf = (name: string): string => `${server.url}/look/${name}`

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options)
    return context.newPage()
  }

  async function open(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await newPage({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      timezoneId: 'Asia/Kolkata',
      locale: 'en-GB',
      ...options,
    })
    await page.goto(addressOf(name))
    return page
  }

  return {
    addressOf,
    newPage,
    open,
    origin: () => server.url,
    /** The forms that were posted, each with the path it went to. */
    posted: () => server.posted.map((line) => fieldsOf(line)),
  }
}

/** What the clipboard holds. */
export function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

/** The words of what has the focus, as a screen reader would say them. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const part = document.activeElement
    const label = part instanceof HTMLInputElement ? part.labels?.[0] : undefined
    const words = part?.getAttribute('aria-label') ?? label?.textContent ?? part?.textContent ?? ''
    return words.replace(/\s+/g, ' ').trim()
  })
}

function fieldsOf(posted: string): Record<string, string> {
  const [path = '', query] = posted.split('?')
  return { path, ...Object.fromEntries(new URLSearchParams(query)) }
}
