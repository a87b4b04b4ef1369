import { type AlbHeaders, readAlbPassthrough, readAlbVerify } from './alb.ts'
import { type EnvoyHeaders, readEnvoy } from './envoy.ts'
import { type HaproxyHeaders, readHaproxy } from './haproxy.ts'
import { type NginxHeaders, readNginx } from './nginx.ts'
import { readRfc9440, type Rfc9440Headers } from './rfc9440.ts'
import type { PresentedCertificate } from '../trusted-authorities.ts'

/** The one form in which the configured proxy hands certificates on, with the names of its headers. */
export type HeaderFormat =
  | ({ readonly format: 'nginx' } & NginxHeaders)
  | ({ readonly format: 'haproxy' } & HaproxyHeaders)
  | ({ readonly format: 'envoy' } & EnvoyHeaders)
  | ({ readonly format: 'alb-verify' } & AlbHeaders)
  | ({ readonly format: 'alb-passthrough' } & AlbHeaders)
  | ({ readonly format: 'rfc9440' } & Rfc9440Headers)

/** Each format with the header names that its documentation uses. */
export const usualHeaderFormats = {
  nginx: { format: 'nginx', certificate: 'x-ssl-client-cert', verify: 'x-ssl-client-verify' },
  haproxy: {
    format: 'haproxy',
    certificate: 'x-ssl-client-der',
    used: 'x-ssl-client-used',
    verify: 'x-ssl-client-verify',
  },
  envoy: { format: 'envoy', certificate: 'x-forwarded-client-cert' },
  'alb-verify': { format: 'alb-verify', certificate: 'x-amzn-mtls-clientcert-leaf' },
  'alb-passthrough': { format: 'alb-passthrough', certificate: 'x-amzn-mtls-clientcert' },
  rfc9440: { format: 'rfc9440', certificate: 'client-cert', chain: 'client-cert-chain' },
} as const satisfies { readonly [Name in HeaderFormat['format']]: HeaderFormat & { format: Name } }

/** A format, with names of headers in place of the usual ones. */
export function namedFormat(
  format: HeaderFormat['format'],
  names: Readonly<Partial<Record<'certificate' | 'verify' | 'used' | 'chain', string | undefined>>>,
): HeaderFormat {
  const { certificate, verify, used, chain } = names
  switch (format) {
    case 'nginx': {
      const usual = usualHeaderFormats.nginx
      return {
        format,
        certificate: certificate ?? usual.certificate,
        verify: verify ?? usual.verify,
      }
    }
    case 'haproxy': {
      const usual = usualHeaderFormats.haproxy
      return {
        format,
        certificate: certificate ?? usual.certificate,
        used: used ?? usual.used,
        verify: verify ?? usual.verify,
      }
    }
    case 'rfc9440': {
      const usual = usualHeaderFormats.rfc9440
      return { format, certificate: certificate ?? usual.certificate, chain: chain ?? usual.chain }
    }
    case 'envoy':
    case 'alb-verify':
    case 'alb-passthrough':
      return { format, certificate: certificate ?? usualHeaderFormats[format].certificate }
  }
}

/** The names of the headers of a format, in lower case. */
export function headerNames(format: HeaderFormat): readonly string[] {
  return Object.entries(format).flatMap(([key, name]: [string, unknown]) =>
    key === 'format' || typeof name !== 'string' ? [] : [name.toLowerCase()],
  )
}

/** What the proxy handed on. Nothing of it has been checked. Throws CertificateRefusal. */
export function readFormat(
  format: HeaderFormat,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  switch (format.format) {
    case 'nginx':
      return readNginx(format, headers)
    case 'haproxy':
      return readHaproxy(format, headers)
    case 'envoy':
      return readEnvoy(format, headers)
    case 'alb-verify':
      return readAlbVerify(format, headers)
    case 'alb-passthrough':
      return readAlbPassthrough(format, headers)
    case 'rfc9440':
      return readRfc9440(format, headers)
  }
}
