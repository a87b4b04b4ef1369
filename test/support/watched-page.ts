import type { BrowserContext, Page } from 'playwright-core'

/** A page, and whatever its content security policy stopped on it or on any other of the context. */
export interface WatchedPage {
  readonly page: Page
  readonly violations: string[]
}

export async function openWatchedPage(context: BrowserContext): Promise<WatchedPage> {
  const violations: string[] = []
  await context.exposeFunction('tellViolation', (text: string) => violations.push(text))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { tellViolation } = window as Window & { tellViolation?: (text: string) => void }
      tellViolation?.(`${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  return { page: await context.newPage(), violations }
}
