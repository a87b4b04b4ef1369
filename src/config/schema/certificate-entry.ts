import { z } from 'zod'
import { certificatePath, certificatePaths } from './certificate-identity.ts'
import { cidr, listenHost } from './listen.ts'
import { choice, flag, integer, secret, text } from './scalars.ts'
import { url } from './url.ts'

/** A listener of its own, which asks browsers and programs for a certificate. */
export const certificateListen = z
  .strictObject({
    host: listenHost
      .default('127.0.0.1')
      .describe('Address to listen on; localhost means both loopback addresses.'),
    port: integer(1, 65_535).meta({ description: 'Port to listen on.', examples: [8444] }),
    url: url(
      'an https address without a path, such as https://aws.corp.example:8444',
      ({ protocol, pathname, search }) =>
        protocol === 'https:' && pathname === '/' && search === '',
    ).meta({
      description: 'Where people and machines reach this listener.',
      examples: ['https://aws.corp.example:8444'],
    }),
    tls: z
      .strictObject({
        certificate: certificatePath.meta({
          description: 'Path of its certificate and chain in PEM; read again when it changes.',
          examples: ['tls/certificate.pem'],
        }),
        key: certificatePath.meta({
          description: 'Path of the private key in PEM, without a passphrase.',
          examples: ['tls/key.pem'],
        }),
      })
      .describe('Certificate of the listener itself.'),
  })
  .describe(
    'For certificates that browsers and programs present to Postern: a listener of its own, because browsers ask people for a certificate wherever a server asks for one.',
  )

const headerName = (what: string) =>
  text({
    max: 64,
    pattern: /^[a-z\d][a-z\d-]*$/i,
    expected: 'the name of a header, in letters, digits and hyphens',
  })
    .optional()
    .describe(what)

/** A proxy that ends TLS and hands the certificate on in a header. */
export const certificateProxy = z
  .strictObject({
    format: choice(['nginx', 'haproxy', 'envoy', 'alb-verify', 'alb-passthrough', 'rfc9440']).meta({
      description: 'The one form in which the proxy hands certificates on.',
      examples: ['nginx'],
    }),
    headers: z
      .strictObject({
        certificate: headerName('Header with the certificate.'),
        verify: headerName('nginx and HAProxy: header with what their check came to.'),
        used: headerName('HAProxy: header that says whether there is a certificate.'),
        chain: headerName('RFC 9440: header with the certificates above.'),
      })
      .prefault({})
      .describe('Names of the headers, where they are not the usual ones.'),
    addresses: z
      .array(cidr)
      .min(1, 'at least one address')
      .max(1000)
      .meta({
        description: 'Addresses or CIDR blocks that the proxy connects from.',
        examples: [['10.0.0.5']],
      }),
    secret: secret({ min: 32 })
      .optional()
      .meta({
        description: 'What the proxy sends in secretHeader with each request.',
        examples: ['${file:proxy-secret}'],
      }),
    secretHeader: headerName('Header with the secret.').default('X-Postern-Proxy'),
    authorities: certificatePaths.optional().meta({
      description:
        'In place of a secret: files of authorities for proxies alone, by whose certificate the proxy proves itself to the main listener.',
      examples: [['proxies-ca.pem']],
    }),
    addressAlone: flag()
      .default(false)
      .describe(
        'For load balancers of AWS, which can prove nothing: true believes whoever comes from one of the addresses.',
      ),
  })
  .describe('For certificates that a proxy in front of the main listener checks and hands on.')
