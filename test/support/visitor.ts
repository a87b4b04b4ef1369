import { type Dispatcher, request } from 'undici'

export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Somebody at a browser without JavaScript: keeps cookies, fills in the hidden fields of a form. */
export class Visitor {
  readonly url: string
  readonly #dispatcher: Dispatcher | undefined
  readonly #cookies = new Map<string, string>()

  constructor(url: string, dispatcher?: Dispatcher) {
    this.url = url
    this.#dispatcher = dispatcher
  }

  async get(path: string): Promise<Page> {
    return this.#send('GET', path)
  }

  async post(path: string, fields: Readonly<Record<string, string>>): Promise<Page> {
    return this.#send('POST', path, new URLSearchParams(fields).toString())
  }

  /** Gives the name and the password to the local form, as the sign-in page would. */
  async signIn(name: string, password: string): Promise<Page> {
    const page = await this.get('/sign-in')
    const fields = { ...hiddenFields(page.text), username: name, password }
    return this.post('/sign-in/local', fields)
  }

  /** Asks for a role session; the answer leads to its page. */
  async askFor(role: string, console: boolean): Promise<Page> {
    const { _csrf = '' } = hiddenFields((await this.get('/')).text)
    return this.post('/role-sessions', { _csrf, role, console: String(console) })
  }

  async #send(method: 'GET' | 'POST', path: string, body?: string): Promise<Page> {
    const answer = await request(new URL(path, this.url), {
      method,
      headers: {
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'sec-fetch-site': 'same-origin',
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== undefined && { body }),
      ...(this.#dispatcher && { dispatcher: this.#dispatcher }),
    })
    const { statusCode: status, headers } = answer
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
    return { status, headers, text: await answer.body.text() }
  }
}

/** Names and values of the hidden fields of the page's first form that has any. */
export function hiddenFields(html: string): Record<string, string> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]))
}
