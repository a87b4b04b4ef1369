import { type Answer, Browser } from './browser.ts'

/** A program that speaks to the API: no cookie, no header that only a browser sends. */
export class ApiClient {
  readonly #browser: Browser
  readonly #headers: Record<string, string | readonly string[]>

  constructor(origin: string, headers: Record<string, string | readonly string[]> = {}) {
    this.#browser = new Browser(origin)
    this.#headers = headers
  }

  get(path: string, headers: Record<string, string | readonly string[]> = {}): Promise<Answer> {
    return this.#browser.send('GET', path, { headers: { ...this.#headers, ...headers } })
  }

  /** Posts a value as JSON, or a text as it is. */
  post(
    path: string,
    body: unknown,
    headers: Record<string, string | readonly string[]> = {},
  ): Promise<Answer> {
    return this.#browser.send('POST', path, {
      headers: { 'content-type': 'application/json', ...this.#headers, ...headers },
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    })
  }
}
