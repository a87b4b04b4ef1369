/** A page as a browser without scripts would have it. */
export interface Page {
  readonly url: string
  readonly body: string
}

/** Follows redirects with cookies, up to an address that is not the provider's. */
export class FormBrowser {
  readonly #cookies = new Map<string, string>()
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  async get(url: string): Promise<Page> {
    return this.#go(url, {})
  }

  async post(url: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    return this.#go(url, { method: 'POST', body: new URLSearchParams(fields) })
  }

  async #go(start: string, init: RequestInit): Promise<Page> {
    let url = start
    let next = init
    for (let hops = 0; hops < 20; hops++) {
      if (new URL(url).origin !== this.#origin) return { url, body: '' }
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await fetch(url, { ...next, redirect: 'manual', headers: { cookie } })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        this.#cookies.set(name, value)
      }
      const location = answer.headers.get('location')
      if (location === null) return { url, body: await answer.text() }
      url = new URL(location, url).href
      next = {}
    }
    throw new Error('too many redirects')
  }
}

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#039;': "'",
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
}

/** The value of a form's field, or undefined. */
export function fieldOf(page: Page, name: string): string | undefined {
  const tag = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(page.body)?.[0]
  const value = tag === undefined ? undefined : /value="([^"]*)"/.exec(tag)?.[1]
  return value?.replace(/&(?:quot|#0?39|lt|gt|amp);/g, (entity) => entities[entity] ?? entity)
}
