import { describe, expect, test } from 'vitest'
import { pagesInChromium } from './pages-in-chromium.ts'

/** Pages that come back with a form, and what is wrong with it. */
const refused = ['role-error', 'session?profile=two+words', 'session-cli?profile=two+words']

// As low as screens are.
const viewport = { viewport: { width: 1280, height: 720 } }

describe('a form that was refused', { timeout: 30_000 }, () => {
  const { open, posted } = pagesInChromium()

  test.for(refused)(
    'begins with what is wrong, for readers of the screen too: %s',
    async (name) => {
      const page = await open(name, viewport)
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
      const page = await open(name, viewport)
      for (const key of ['Enter', 'Space', 'Enter']) await page.keyboard.press(key)
      expect(posted(), name).toEqual([])
    }
  })

  test('has the fields of the form next', async () => {
    const page = await open('role-error', viewport)
    await page.keyboard.press('Tab')
    const name = await page.evaluate(() => document.activeElement?.getAttribute('name'))
    expect(name).toBe('consoleDuration')
  })
})
