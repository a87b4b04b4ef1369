import { request as httpRequest } from 'node:http'
import { type Agent, request as httpsRequest, type RequestOptions } from 'node:https'

/** What a request says beside its address. */
export interface TlsAsked {
  readonly certificate?: { readonly certificate: string; readonly key: string } | undefined
  /** PEM of the authority of the server. */
  readonly ca?: string
  readonly method?: string
  /** Sent as they are, so that a name can stand there twice. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
  readonly from?: string
  /** Keeps the connection; without, each request has its own. */
  readonly agent?: Agent
}

export interface TlsAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly location: string | undefined
  readonly text: string
}

/** Asks once, by http or https, with or without a client certificate. Follows nothing. */
export async function tlsAsk(url: string, asked: TlsAsked = {}): Promise<TlsAnswer> {
  const { certificate, ca, method = 'GET', headers = {}, body, from, agent } = asked
  const options: RequestOptions = {
    method,
    agent: agent ?? false,
    headers: { ...headers },
    ...(from !== undefined && { localAddress: from }),
    ...(certificate && { cert: certificate.certificate, key: certificate.key }),
    ...(ca !== undefined && { ca, servername: 'localhost' }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>()
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  const request = send(url, options, (response) => {
    const pieces: Buffer[] = []
    response.on('data', (piece: Buffer) => pieces.push(piece))
    response.on('error', reject)
    response.on('end', () => {
      const { statusCode = 0, headers: received } = response
      const text = Buffer.concat(pieces).toString()
      resolve({ status: statusCode, headers: received, location: received.location, text })
    })
  })
  request.on('error', reject)
  request.end(body)
  return promise
}
