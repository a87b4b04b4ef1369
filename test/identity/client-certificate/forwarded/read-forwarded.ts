import { createHash } from 'node:crypto'
import { trustedProxyList } from '../../../../src/identity/address.ts'
import {
  forwardedPeer,
  type ForwardedSettings,
} from '../../../../src/identity/client-certificate/forwarded/forwarded-peer.ts'
import type { ForwardedRequest } from '../../../../src/identity/client-certificate/forwarded/forwarded-request.ts'
import type { HeaderFormat } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import { refusalOf } from '../../../support/certificates/refusal-of.ts'
import {
  makeRoot,
  noon,
  type TestCertificate,
} from '../../../support/certificates/test-authority.ts'

/** What the proxy proves itself by. */
export const proxySecret = 'the-secret-between-proxy-and-postern'
export const bySecret = { by: 'secret', header: 'X-Postern-Proxy', secret: proxySecret } as const

/** Alice's certificate and the two above it. */
export const root = await makeRoot()
export const issuing = await root.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
export const alice = await issuing.issue({ subject: 'CN=alice' })

export type HeaderList = readonly (readonly [string, string])[]

/** Believes two addresses that know the secret. */
export function forwardedSettings(
  format: HeaderFormat,
  more: Partial<ForwardedSettings['proxies']> = {},
): ForwardedSettings {
  const addresses = trustedProxyList(['10.0.0.0/24', '::1'])
  return { format, proxies: { addresses, proof: bySecret, ...more } }
}

/** What such a proxy sends. */
export function forwardedRequest(
  headers: HeaderList,
  more: Partial<ForwardedRequest> = {},
): ForwardedRequest {
  const withSecret = [['X-Postern-Proxy', proxySecret] as const, ...headers]
  return {
    rawHeaders: withSecret.flat(),
    peerAddress: '10.0.0.7',
    peerCertificate: undefined,
    ...more,
  }
}

/** What such a proxy's headers say, or the code that they are refused with. */
export async function readForwarded(format: HeaderFormat, headers: HeaderList): Promise<unknown> {
  return refusalOf(() => forwardedPeer(forwardedRequest(headers), forwardedSettings(format), noon))
}

export const escapedPem = (...certificates: readonly TestCertificate[]) =>
  encodeURIComponent(certificates.map(({ pem }) => pem).join(''))
export const base64 = ({ der }: TestCertificate) => der.toString('base64')
export const hash = ({ der }: TestCertificate) => createHash('sha256').update(der).digest('hex')
export const only = (certificate: TestCertificate) => ({
  accepted: { leaf: certificate.der, intermediates: [] },
})
