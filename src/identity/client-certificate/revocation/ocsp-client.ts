import { request } from 'undici'
import type { Effects } from '../../../effects.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'
import type { RevocationStatus } from './list-status.ts'
import { ocspName, ocspRequest } from './ocsp-request.ts'
import { readOcspResponse } from './ocsp-response.ts'

/** A responder. Its address comes from the configuration alone, never from a certificate. */
export interface OcspSettings {
  /** http or https: answers are signed, and carry our nonce. */
  readonly url: string
  /** The authorities that it answers for; all when empty. */
  readonly authorities: readonly ParsedCertificate[]
  /** Milliseconds for everything. */
  readonly timeout: number
  readonly nonce: 'required' | 'optional'
}

/** Asks about certificates. Never rejects: whatever goes wrong is `unknown`. */
export interface OcspClient {
  answersFor(issuer: ParsedCertificate): boolean
  ask(certificate: ParsedCertificate, issuer: ParsedCertificate): Promise<RevocationStatus>
}

const mostBytes = 65_536
const nonceBytes = 32

/** Throws an Error for an address that is none. */
export function createOcspClient(
  settings: OcspSettings,
  effects: Pick<Effects, 'now' | 'randomBytes' | 'network'>,
): OcspClient {
  const url = URL.parse(settings.url)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new Error('the address of an OCSP responder must be http or https, without a user name')
  }

  async function post(body: Buffer): Promise<Buffer> {
    const answer = await request(url ?? '', {
      method: 'POST',
      dispatcher: effects.network.dispatcher,
      headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
      body,
      signal: AbortSignal.timeout(settings.timeout),
    })
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of answer.body) {
      const bytes = piece instanceof Uint8Array ? Buffer.from(piece) : Buffer.alloc(0)
      size += bytes.length
      if (size > mostBytes) throw new Error('the answer is too large')
      pieces.push(bytes)
    }
    if (answer.statusCode !== 200) throw new Error(`the responder answered ${answer.statusCode}`)
    return Buffer.concat(pieces)
  }

  return {
    answersFor: ({ der }) =>
      settings.authorities.length === 0 ||
      settings.authorities.some((authority) => authority.der.equals(der)),
    async ask(certificate, issuer) {
      const name = ocspName(certificate, issuer)
      const nonce = effects.randomBytes(nonceBytes)
      try {
        const answer = await post(ocspRequest(name, nonce))
        const nonceRequired = settings.nonce === 'required'
        return readOcspResponse(answer, { name, issuer, nonce, nonceRequired }, effects.now())
      } catch (error) {
        const why = error instanceof Error ? error.message : 'no answer'
        return { is: 'unknown', why: `OCSP: ${why}` }
      }
    },
  }
}
