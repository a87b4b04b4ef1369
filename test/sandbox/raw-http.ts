import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface RawRequest {
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

/** One request with exactly these headers and bytes; nothing is encoded, followed or retried. */
export async function raw(url: string, asked: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const { method = 'POST', path = '/', headers = {}, body } = asked
  const message = request({
    hostname: hostname.replace(/[[\]]/g, ''),
    port,
    method,
    path,
    headers,
    agent: false,
  })
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    message.once('response', resolve).once('error', reject).end(body)
  })
  const { statusCode = 0 } = response
  return { status: statusCode, headers: response.headers, body: await text(response) }
}

/** Sends bytes on a bare connection and gives all that comes back until it ends. */
export async function wire(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return await text(socket)
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
}

/** The text of the first element of that name. */
export function xmlField(xml: string, name: string): string | undefined {
  const content = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return content?.replace(/&([a-z]+|#39);/g, (whole, entity: string) => ENTITIES[entity] ?? whole)
}

export function form(fields: Readonly<Record<string, string>>): string {
  return new URLSearchParams(fields).toString()
}
