import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { type Issued, issue } from '../keys/test-certificates.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Readonly<Record<string, unknown>>
  /** Common name of the client certificate. */
  readonly client: string | undefined
}

type Reply = (response: ServerResponse, asked: Asked) => void

export const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'

export function offered(arn: string, account: string, region?: string) {
  const [, id = '', name = ''] = /::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? []
  const durations = { seconds: 3600, maxSeconds: 14_400, why: 'The role allows it.' }
  return {
    arn,
    account: { id, name: account },
    name,
    issuer: 'hub',
    ...(region && { region }),
    durations: { credentials: durations, console: durations },
  }
}

const authority = issue({ commonName: 'fake corp', authority: true, keyUsage: 0x04 })
const server = issue({ commonName: 'localhost', issuer: authority })

/** A Postern's JSON API as the contract has it, on loopback, which can be told to misbehave. */
export class FakeBroker {
  readonly asked: Asked[] = []
  origin = ''
  /** PEM of who vouches for it. */
  readonly ca = authority.certificatePem
  roles: unknown[] = [offered(readOnly, 'Production', 'eu-west-1')]
  /** Answers a path instead of the usual way, `METHOD /path`. */
  readonly instead = new Map<string, Reply>()
  accessLife = 600
  /** Milliseconds before a refresh is answered. */
  refreshDelay = 0
  signInLife = 43_200
  /** How often a device is told to wait. */
  pending = 0
  sessions = 0
  isEnded = false
  #refreshToken = ''
  #accessToken = ''
  #challenge = ''

  /** As though somebody had approved: a code for the terminal. */
  authorize(query: URLSearchParams): string {
    this.#challenge = query.get('code_challenge') ?? ''
    return 'a-code'
  }

  get refreshes(): number {
    return this.asked.filter(({ body }) => body['grant_type'] === 'refresh_token').length
  }

  answer(response: ServerResponse, asked: Asked): void {
    this.asked.push(asked)
    const instead = this.instead.get(`${asked.method} ${asked.path}`)
    if (instead) instead(response, asked)
    else this.#usual(response, asked)
  }

  #usual(response: ServerResponse, asked: Asked): void {
    if (asked.method === 'POST' && asked.headers['content-type'] !== 'application/json') {
      refuse(response, 415, 'invalid_request')
      return
    }
    switch (`${asked.method} ${asked.path}`) {
      case 'GET /api/v1/me':
        if (this.#admit(response, asked)) reply(response, 200, this.#me(asked))
        return
      case 'GET /api/v1/roles':
        if (this.#admit(response, asked)) reply(response, 200, { roles: this.roles })
        return
      case 'POST /api/v1/role-sessions':
        if (this.#admit(response, asked)) reply(response, 201, this.roleSession(asked))
        return
      case 'POST /api/v1/device':
        reply(response, 200, this.device())
        return
      case 'POST /api/v1/token':
        this.#token(response, asked)
        return
      case 'POST /api/v1/revoke':
        this.isEnded = true
        reply(response, 200, {})
        return
      default:
        refuse(response, 404, 'not_found')
    }
  }

  roleSession({ body }: Pick<Asked, 'body'>) {
    this.sessions += 1
    const seconds = typeof body['duration'] === 'number' ? body['duration'] : 3600
    const planned = { seconds, why: 'The role allows it.' }
    return {
      role: body['role'],
      credentials: {
        accessKeyId: `ASIAFAKE${String(this.sessions).padStart(12, '0')}`,
        secretAccessKey: 'fake/Secret+Key=',
        sessionToken: `fakeToken${this.sessions}==`,
        expiration: new Date(Date.now() + seconds * 1000).toISOString(),
      },
      region: body['region'] ?? 'eu-west-1',
      ...(body['console'] === true && {
        consoleUrl: 'https://eu-west-1.signin.aws.amazon.com/federation?Action=login&SigninToken=x',
      }),
      durations: { credentials: planned, console: planned },
    }
  }

  device() {
    return {
      device_code: randomBytes(32).toString('base64url'),
      user_code: 'BCDF-GHJK',
      verification_uri: `${this.origin}/device`,
      verification_uri_complete: `${this.origin}/device?user_code=BCDF-GHJK`,
      expires_in: 600,
      interval: 1,
    }
  }

  tokens() {
    this.#accessToken = randomBytes(32).toString('base64url')
    this.#refreshToken = randomBytes(32).toString('base64url')
    return {
      access_token: this.#accessToken,
      token_type: 'Bearer',
      expires_in: this.accessLife,
      refresh_token: this.#refreshToken,
      session_expires_in: this.signInLife,
    }
  }

  #me({ headers, client }: Asked) {
    const by = client === undefined ? (isTicket(headers) ? 'ticket' : 'token') : 'certificate'
    return {
      name: client ?? 'bob',
      displayName: 'Bob Baker',
      people: 'staff',
      method: { id: 'local', label: 'Local account' },
      by,
      groups: ['readers'],
      authenticatedAt: '2026-11-20T09:00:00.000Z',
      ...(by === 'token' && { tokenEndsAt: '2026-11-20T21:00:00.000Z' }),
    }
  }

  #admit(response: ServerResponse, { headers, client }: Asked): boolean {
    if (client !== undefined || isTicket(headers)) return true
    const isKnown = !this.isEnded && headers.authorization === `Bearer ${this.#accessToken}`
    if (isKnown && this.#accessToken !== '') return true
    refuse(response, 401, 'invalid_token')
    return false
  }

  #token(response: ServerResponse, { body }: Asked): void {
    if (body['grant_type'] === 'refresh_token') {
      const isCurrent = body['refresh_token'] === this.#refreshToken
      // Used twice: the family ends.
      if (!isCurrent) this.isEnded = true
      if (this.isEnded) refuse(response, 400, 'invalid_grant')
      else {
        const tokens = this.tokens()
        setTimeout(() => {
          reply(response, 200, tokens)
        }, this.refreshDelay)
      }
      return
    }
    if (body['grant_type'] === 'authorization_code') {
      const verifier = String(body['code_verifier'])
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      if (body['code'] !== 'a-code' || challenge !== this.#challenge) {
        refuse(response, 400, 'invalid_grant')
        return
      }
    } else if (this.pending > 0) {
      this.pending -= 1
      refuse(response, 400, 'authorization_pending')
      return
    }
    this.isEnded = false
    reply(response, 200, this.tokens())
  }
}

function isTicket({ authorization }: IncomingMessage['headers']): boolean {
  return authorization?.startsWith('Negotiate ') === true
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}

export function refuse(response: ServerResponse, status: number, error: string): void {
  const more = { error_description: `Refused: ${error}. Try something else.`, request_id: 'req-1' }
  reply(response, status, { error, ...more })
}

interface FakeBrokerOptions {
  readonly tls?: boolean
  /** The name that its certificate is for, over TLS; only a proxy leads there. */
  readonly host?: string
  /** Takes client certificates of this authority, and demands one. */
  readonly clients?: Issued
}

/** Starts one, gone when the test is. */
export async function fakeBroker({
  tls,
  host,
  clients,
}: FakeBrokerOptions = {}): Promise<FakeBroker> {
  const broker = new FakeBroker()
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const text = Buffer.concat(chunks).toString()
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
      broker.answer(response, { method, path, headers, body, client: clientOf(request) })
    })
  }
  const secure = tls === true || host !== undefined || clients !== undefined
  const own = host === undefined ? server : issue({ commonName: host, issuer: authority })
  const running = secure
    ? createSecureServer(
        {
          key: own.keyPem,
          cert: own.certificatePem,
          ...(clients && { ca: clients.certificatePem, requestCert: true }),
        },
        listener,
      )
    : createServer(listener)
  running.listen(0, '127.0.0.1')
  await once(running, 'listening')
  onTestFinished(() => {
    running.closeAllConnections()
    running.close()
  })
  const { port } = running.address() as AddressInfo
  broker.origin = secure ? `https://${host ?? 'localhost'}:${port}` : `http://127.0.0.1:${port}`
  return broker
}

function clientOf({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined
  return /CN=([^\n]+)/.exec(socket.getPeerX509Certificate()?.subject ?? '')?.[1]
}
