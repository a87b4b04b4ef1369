import { type Agent, request as httpRequest } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly location: string | undefined
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Sent as it is. */
  readonly body?: string | Buffer
}

/** What a browser says of a navigation by its own address bar. */
const navigation = {
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

/** A browser as far as HTTP sees it: cookies, Fetch Metadata, forms. Follows no redirect by itself. */
export class Browser {
  readonly origin: string
  readonly cookies = new Map<string, string>()
  readonly #agent: Agent | false

  /** With an agent, connections are kept; without, each request has its own. */
  constructor(origin: string, agent: Agent | false = false) {
    this.origin = origin
    this.#agent = agent
  }

  get(path: string, options: RequestOptions = {}): Promise<Answer> {
    return this.send('GET', path, { ...options, headers: { ...navigation, ...options.headers } })
  }

  /** Posts a form from a page of the same origin. */
  post(
    path: string,
    fields: Record<string, string>,
    options: RequestOptions = {},
  ): Promise<Answer> {
    return this.send('POST', path, {
      body: new URLSearchParams(fields).toString(),
      ...options,
      headers: {
        ...navigation,
        'sec-fetch-site': 'same-origin',
        origin: this.origin,
        'content-type': 'application/x-www-form-urlencoded',
        ...options.headers,
      },
    })
  }

  /** Posts a form that a page of ours holds, with that page's token. */
  async submit(
    page: string,
    path: string,
    fields: Record<string, string>,
    options: RequestOptions = {},
  ): Promise<Answer> {
    const token = tokenIn((await this.get(page)).text)
    return this.post(path, { _csrf: token, ...fields }, options)
  }

  signIn(username: string, password: string, page = '/sign-in'): Promise<Answer> {
    return this.submit(page, '/sign-in/local', { username, password })
  }

  /** Asks for a role session on the roles page; the answer leads to the results. */
  askFor(role: string, console: boolean): Promise<Answer> {
    return this.submit('/', '/role-sessions', { role, console: String(console) })
  }

  async send(
    method: string,
    path: string,
    { headers = {}, body }: RequestOptions,
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : [...value],
      ]),
    )
    const outgoing = httpRequest(
      this.origin,
      {
        method,
        path,
        agent: this.#agent,
        headers: {
          ...(cookie !== '' && { cookie }),
          ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
          ...sent,
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { headers: received, statusCode = 0 } = response
          this.#keep(received['set-cookie'] ?? [])
          resolve({
            status: statusCode,
            headers: received,
            text: Buffer.concat(chunks).toString(),
            location: received.location,
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
    return promise
  }

  #keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

/** The token of the forms on a page. */
export function tokenIn(page: string): string {
  return /name="_csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
}
