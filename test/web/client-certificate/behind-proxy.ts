import type { HeaderFormat } from '../../../src/identity/client-certificate/forwarded/header-format.ts'
import { type CertificateLab, certificateLab } from '../../support/certificates/certificate-lab.ts'
import { type TlsAnswer, tlsAsk, type TlsAsked } from '../../support/certificates/tls-ask.ts'

/** What the proxy proves itself by. */
export const secret = 'the-secret-between-proxy-and-postern'
export const proof = { 'X-Postern-Proxy': secret }
/** What a browser says of a visit by its own address bar; programs are free to say it too. */
const navigation = {
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

/** What a navigation through that proxy gets. */
export function ask(lab: CertificateLab, path: string, asked: TlsAsked = {}): Promise<TlsAnswer> {
  const address = lab.main.replace('localhost', '127.0.0.1')
  const headers = { ...navigation, ...asked.headers }
  return tlsAsk(`${address}${path}`, { ...asked, headers })
}

export const pemOf = ({ pki }: CertificateLab, name: string): string =>
  pki.certificates.get(name)?.certificate ?? ''

/** The codes that the trail took down since they were last asked for. */
export const codes = ({ trail }: CertificateLab) => trail.splice(0).map(({ code }) => code)

export type Format = HeaderFormat['format']

/** The server behind a proxy on 127.0.0.1 that speaks this format. */
export function behind(format: Format): Promise<CertificateLab> {
  const shows = format.startsWith('alb-')
    ? { addressAlone: true }
    : { secret: '${file:proxy-secret}' }
  return certificateLab({
    files: { 'proxy-secret': `${secret}\n` },
    method: () => ({ listen: undefined, proxy: { format, addresses: ['127.0.0.1'], ...shows } }),
  })
}
