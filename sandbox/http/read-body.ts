import type { IncomingMessage } from 'node:http'

/** AWS publishes no limit for the query protocol. The largest legal request, a SAML assertion, stays below this. */
const BODY_LIMIT = 512 * 1024

/** The whole body, or undefined when it is larger than `limit` bytes. Rejects when the client goes away. */
export async function readBody(
  message: IncomingMessage,
  limit = BODY_LIMIT,
): Promise<Buffer | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > limit) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
