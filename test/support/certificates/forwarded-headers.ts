import { createHash, X509Certificate } from 'node:crypto'
import type { HeaderFormat } from '../../../src/identity/client-certificate/forwarded/header-format.ts'

/** What a proxy of each kind sends with a certificate (PEM) that it has accepted, in the shapes that were recorded. */
export function forwardedHeaders(
  format: HeaderFormat['format'],
  pem: string,
  chain: readonly string[] = [],
): Record<string, string> {
  const { raw } = new X509Certificate(pem)
  const base64 = raw.toString('base64')
  // AWS leaves these as they are; nginx and Envoy do not.
  const escapedByAws = (text: string) =>
    encodeURIComponent(text).replace(/%2B/g, '+').replace(/%3D/g, '=').replace(/%2F/g, '/')
  switch (format) {
    case 'nginx':
      return {
        'X-SSL-Client-Cert': encodeURIComponent(pem),
        'X-SSL-Client-Verify': 'SUCCESS',
      }
    case 'haproxy':
      return {
        'X-SSL-Client-DER': base64,
        'X-SSL-Client-Used': '1',
        'X-SSL-Client-Verify': '0',
      }
    case 'envoy': {
      const hash = createHash('sha256').update(raw).digest('hex')
      return { 'x-forwarded-client-cert': `Hash=${hash};Cert="${encodeURIComponent(pem)}"` }
    }
    case 'alb-verify':
      return { 'X-Amzn-Mtls-Clientcert-Leaf': escapedByAws(pem) }
    case 'alb-passthrough':
      return { 'X-Amzn-Mtls-Clientcert': escapedByAws([pem, ...chain].join('')) }
    case 'rfc9440': {
      const above = chain.map((one) => `:${new X509Certificate(one).raw.toString('base64')}:`)
      return {
        'Client-Cert': `:${base64}:`,
        ...(above.length > 0 && { 'Client-Cert-Chain': above.join(', ') }),
      }
    }
  }
}
