import { type Browser, tokenIn } from './browser.ts'
import { startWeb, type WebApp } from './web-app.ts'

/** The web face, a browser that bob is signed in with, and the token of its forms. */
export interface SignedIn {
  readonly web: WebApp
  readonly browser: Browser
  readonly token: string
}

export async function signedIn(): Promise<SignedIn> {
  const web = await startWeb()
  const browser = await web.signedIn()
  return { web, browser, token: tokenIn((await browser.get('/')).text) }
}
