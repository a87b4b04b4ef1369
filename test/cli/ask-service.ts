import { once } from 'node:events'
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One request over a connection of its own. */
export async function ask(
  url: string,
  method = 'GET',
  headers: OutgoingHttpHeaders = {},
): Promise<Answer> {
  const sent = httpRequest(url, { method, headers, agent: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  }
}

export const tokenPath = '/latest/api/token'
export const roles = '/latest/meta-data/iam/security-credentials'
export const ttl = 'x-aws-ec2-metadata-token-ttl-seconds'

/** The header with a new token of a metadata service. */
export async function tokenOf(url: string): Promise<OutgoingHttpHeaders> {
  const { body } = await ask(`${url}${tokenPath}`, 'PUT', { [ttl]: '300' })
  return { 'x-aws-ec2-metadata-token': body }
}
