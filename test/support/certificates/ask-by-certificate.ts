import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** What a request says beside its address. */
export interface Asked {
  readonly certificate?: { readonly certificate: string; readonly key: string } | undefined
  /** PEM of the authority of the server. */
  readonly ca?: string
  /** Sent as they are, so that a name can stand there twice. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly from?: string
}

/** Asks once over a connection of its own; the body of the answer, or its status when it is no JSON. */
export async function askByCertificate(url: string, asked: Asked = {}): Promise<unknown> {
  const { certificate, ca, headers, from } = asked
  const options: RequestOptions & { cert?: string; key?: string; ca?: string } = {
    agent: false,
    ...(headers && { headers: { ...headers } }),
    ...(from !== undefined && { localAddress: from }),
    ...(certificate && { cert: certificate.certificate, key: certificate.key }),
    ...(ca !== undefined && { ca, servername: 'localhost' }),
  }
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = send(url, options, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const isJson = response.headers['content-type'] === 'application/json'
        const text = Buffer.concat(pieces).toString()
        resolve(isJson ? JSON.parse(text) : response.statusCode)
      })
    })
    request.on('error', reject)
    request.end()
  })
}
