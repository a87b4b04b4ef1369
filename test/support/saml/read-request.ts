import { inflateRawSync } from 'node:zlib'

/** What an identity provider reads from a redirect that carries a request or response. */
export function readRequest(url: string): { requestId: string; xml: string } {
  const query = new URL(url).searchParams
  const encoded = query.get('SAMLRequest') ?? query.get('SAMLResponse') ?? ''
  const xml = inflateRawSync(Buffer.from(encoded, 'base64')).toString('utf8')
  return { requestId: / ID="([^"]+)"/.exec(xml)?.[1] ?? '', xml }
}
