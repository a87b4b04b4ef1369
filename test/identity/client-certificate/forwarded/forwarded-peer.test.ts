import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { trustedProxyList } from '../../../../src/identity/address.ts'
import {
  forwardedPeer,
  type ForwardedSettings,
} from '../../../../src/identity/client-certificate/forwarded/forwarded-peer.ts'
import type { ForwardedRequest } from '../../../../src/identity/client-certificate/forwarded/forwarded-request.ts'
import {
  type HeaderFormat,
  usualHeaderFormats,
} from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import { shortestProxySecret } from '../../../../src/identity/client-certificate/forwarded/trusted-proxy.ts'
import { firstCertificateHeader } from '../../../../src/identity/client-certificate/forwarded/certificate-headers.ts'
import { readAuthorities } from '../../../../src/identity/client-certificate/trusted-authorities.ts'
import { refusalOf } from '../../../support/certificates/refusal-of.ts'
import {
  makeRoot,
  noon,
  serverAuth,
  type TestCertificate,
} from '../../../support/certificates/test-authority.ts'

const secret = 'the-secret-between-proxy-and-postern'
const bySecret = { by: 'secret', header: 'X-Postern-Proxy', secret } as const

let root: TestCertificate
let alice: TestCertificate
let issuing: TestCertificate
beforeAll(async () => {
  root = await makeRoot()
  issuing = await root.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
  alice = await issuing.issue({ subject: 'CN=alice' })
})

type Headers = readonly (readonly [string, string])[]

function settings(
  format: HeaderFormat,
  more: Partial<ForwardedSettings['proxies']> = {},
): ForwardedSettings {
  const addresses = trustedProxyList(['10.0.0.0/24', '::1'])
  return { format, proxies: { addresses, proof: bySecret, ...more } }
}

function request(headers: Headers, more: Partial<ForwardedRequest> = {}): ForwardedRequest {
  const withSecret = [['X-Postern-Proxy', secret] as const, ...headers]
  return {
    rawHeaders: withSecret.flat(),
    peerAddress: '10.0.0.7',
    peerCertificate: undefined,
    ...more,
  }
}

async function read(format: HeaderFormat, headers: Headers): Promise<unknown> {
  return refusalOf(() => forwardedPeer(request(headers), settings(format), noon))
}

const escapedPem = (...certificates: readonly TestCertificate[]) =>
  encodeURIComponent(certificates.map(({ pem }) => pem).join(''))
const base64 = ({ der }: TestCertificate) => der.toString('base64')
const hash = ({ der }: TestCertificate) => createHash('sha256').update(der).digest('hex')
const only = (certificate: TestCertificate) => ({
  accepted: { leaf: certificate.der, intermediates: [] },
})

describe('nginx', () => {
  const nginx = usualHeaderFormats.nginx
  const certificate = () => ['X-SSL-Client-Cert', escapedPem(alice)] as const
  const verify = (value: string) => ['X-SSL-Client-Verify', value] as const

  test('hands on the certificate', async () => {
    expect(await read(nginx, [certificate(), verify('SUCCESS')])).toEqual(only(alice))
  })

  test.each<[string, () => Headers, string]>([
    [
      'a certificate that failed',
      () => [certificate(), verify('FAILED:certificate has expired')],
      'certificate_proxy_refused',
    ],
    [
      'a certificate with the flag of none',
      () => [certificate(), verify('NONE')],
      'certificate_missing',
    ],
    ['no certificate', () => [verify('SUCCESS')], 'certificate_missing'],
    ['an empty one', () => [['X-SSL-Client-Cert', ''], verify('NONE')], 'certificate_missing'],
    ['no flag', () => [certificate()], 'certificate_header_malformed'],
    [
      'a flag in small letters',
      () => [certificate(), verify('success')],
      'certificate_header_malformed',
    ],
    [
      'a flag with more',
      () => [certificate(), verify('SUCCESS, FAILED:x')],
      'certificate_header_malformed',
    ],
    [
      'two certificates in one',
      () => [['X-SSL-Client-Cert', escapedPem(alice, issuing)], verify('SUCCESS')],
      'certificate_header_ambiguous',
    ],
    [
      'the header twice',
      () => [certificate(), certificate(), verify('SUCCESS')],
      'certificate_header_ambiguous',
    ],
    [
      'the header twice in other letters',
      () => [certificate(), ['x-ssl-client-CERT', 'x'], verify('SUCCESS')],
      'certificate_header_ambiguous',
    ],
    [
      'the flag twice',
      () => [certificate(), verify('SUCCESS'), verify('FAILED:x')],
      'certificate_header_ambiguous',
    ],
    [
      'a twin with underscores',
      () => [certificate(), ['X_SSL_Client_Cert', 'x'], verify('SUCCESS')],
      'certificate_header_ambiguous',
    ],
    [
      'a twin with one underscore',
      () => [certificate(), verify('SUCCESS'), ['X-SSL_Client-Verify', 'SUCCESS']],
      'certificate_header_ambiguous',
    ],
    [
      'a twin of the secret',
      () => [certificate(), verify('SUCCESS'), ['X_Postern_Proxy', 'x']],
      'certificate_header_ambiguous',
    ],
    [
      'words before the certificate',
      () => [['X-SSL-Client-Cert', `x${escapedPem(alice)}`], verify('SUCCESS')],
      'certificate_header_malformed',
    ],
    [
      'words behind it',
      () => [['X-SSL-Client-Cert', `${escapedPem(alice)}x`], verify('SUCCESS')],
      'certificate_header_malformed',
    ],
    [
      'a line of words inside',
      () => [
        ['X-SSL-Client-Cert', escapedPem(alice).replace('%0A', '%0AX-Note:%20x%0A')],
        verify('SUCCESS'),
      ],
      'certificate_header_malformed',
    ],
    [
      'a private key',
      () => [['X-SSL-Client-Cert', encodeURIComponent(alice.keyPem)], verify('SUCCESS')],
      'certificate_header_malformed',
    ],
    [
      'half an escape',
      () => [['X-SSL-Client-Cert', `${escapedPem(alice)}%4`], verify('SUCCESS')],
      'certificate_header_malformed',
    ],
    [
      'escapes that are no UTF-8',
      () => [['X-SSL-Client-Cert', '%ff%fe'], verify('SUCCESS')],
      'certificate_header_malformed',
    ],
    [
      'the certificate as a form would have it',
      () => [['X-SSL-Client-Cert', escapedPem(alice).replaceAll('%20', '+')], verify('SUCCESS')],
      'certificate_header_malformed',
    ],
    [
      'a header of more than 16 KB',
      () => [['X-SSL-Client-Cert', 'a'.repeat(16_385)], verify('SUCCESS')],
      'certificate_too_large',
    ],
  ])('refuses %s', async (_name, headers, code) => {
    expect(await read(nginx, headers())).toBe(code)
  })
})

describe('HAProxy', () => {
  const haproxy = usualHeaderFormats.haproxy
  const headers = (der: string, used: string, verify: string): Headers => [
    ['X-SSL-Client-DER', der],
    ['X-SSL-Client-Used', used],
    ['X-SSL-Client-Verify', verify],
  ]

  test('hands on the certificate', async () => {
    expect(await read(haproxy, headers(base64(alice), '1', '0'))).toEqual(only(alice))
  })

  test.each<[string, () => Headers, string]>([
    ['no certificate', () => headers('', '0', '0'), 'certificate_missing'],
    [
      'a certificate that was not used',
      () => headers(base64(alice), '0', '0'),
      'certificate_missing',
    ],
    ['nothing at all', () => [], 'certificate_missing'],
    [
      'a certificate that failed',
      () => headers(base64(alice), '1', '10'),
      'certificate_proxy_refused',
    ],
    [
      'a certificate without flags',
      () => [['X-SSL-Client-DER', base64(alice)]],
      'certificate_header_malformed',
    ],
    [
      'a flag that only looks like 0',
      () => headers(base64(alice), '1', '00'),
      'certificate_header_malformed',
    ],
    ['a flag with more', () => headers(base64(alice), '1', '0,10'), 'certificate_header_malformed'],
    [
      'base64 of another alphabet',
      () =>
        headers(
          base64(alice).replaceAll('+', '-').replaceAll('/', '_').replace(/.$/, '!'),
          '1',
          '0',
        ),
      'certificate_header_malformed',
    ],
    [
      'base64 with spaces',
      () => headers(base64(alice).replace(/^.{64}/, '$& '), '1', '0'),
      'certificate_header_malformed',
    ],
    ['PEM', () => headers(escapedPem(alice), '1', '0'), 'certificate_header_malformed'],
    [
      'a twin with underscores',
      () => [...headers(base64(alice), '1', '0'), ['X_SSL_Client_DER', 'x']],
      'certificate_header_ambiguous',
    ],
  ])('refuses %s', async (_name, headersOf, code) => {
    expect(await read(haproxy, headersOf())).toBe(code)
  })
})

describe('Envoy', () => {
  const envoy = usualHeaderFormats.envoy
  const xfcc = (value: string): Headers => [['X-Forwarded-Client-Cert', value]]
  const good = () =>
    `By=spiffe://corp.example/broker;Hash=${hash(alice)};Cert="${escapedPem(alice)}"`

  test('hands on the certificate', async () => {
    expect(await read(envoy, xfcc(good()))).toEqual(only(alice))
    const whole = `${good()};Chain="${escapedPem(alice, issuing)}";Subject="O=Corp\\, CN=admin,CN=\\"al\\\\";URI=;DNS=a;DNS=b`
    expect(await read(envoy, xfcc(whole))).toEqual({
      accepted: { leaf: alice.der, intermediates: [issuing.der] },
    })
  })

  test.each<[string, () => string, string]>([
    ['nothing', () => '', 'certificate_missing'],
    [
      'an element of somebody before Envoy',
      () => `${good()},${good()}`,
      'certificate_header_ambiguous',
    ],
    [
      'a second Cert',
      () => `${good()};Cert="${escapedPem(issuing)}"`,
      'certificate_header_ambiguous',
    ],
    [
      'a second Cert in small letters',
      () => `${good()};cert="${escapedPem(issuing)}"`,
      'certificate_header_ambiguous',
    ],
    [
      'the Hash of another certificate',
      () => `Hash=${hash(issuing)};Cert="${escapedPem(alice)}"`,
      'certificate_header_ambiguous',
    ],
    [
      'a Cert that an alternative name brings along',
      () => `Hash=${hash(issuing)};URI=spiffe://x;Cert="${escapedPem(alice)}"`,
      'certificate_header_ambiguous',
    ],
    [
      'a Cert and a Hash that an alternative name brings along',
      () => `Hash=${hash(issuing)};URI=x;Hash=${hash(alice)};Cert="${escapedPem(alice)}"`,
      'certificate_header_ambiguous',
    ],
    [
      'a Cert inside a quoted Subject',
      () => `Hash=${hash(alice)};Subject="CN=x\\";Cert=\\"${escapedPem(alice)}"`,
      'certificate_header_malformed',
    ],
    [
      'a Chain of another certificate',
      () => `${good()};Chain="${escapedPem(issuing)}"`,
      'certificate_header_ambiguous',
    ],
    ['no Cert', () => `Hash=${hash(alice)};Subject="CN=alice"`, 'certificate_header_malformed'],
    ['no Hash', () => `Cert="${escapedPem(alice)}"`, 'certificate_header_malformed'],
    ['a quote that never ends', () => `${good()};Subject="CN=x`, 'certificate_header_malformed'],
    [
      'a quote that ends too early',
      () => `${good()};Subject="CN="x"`,
      'certificate_header_malformed',
    ],
    ['a key without a value', () => `${good()};Subject`, 'certificate_header_malformed'],
    ['a semicolon at the end', () => `${good()};`, 'certificate_header_malformed'],
    ['a comma at the end', () => `${good()},`, 'certificate_header_malformed'],
    ['spaces between', () => good().replace(';', '; '), 'certificate_header_malformed'],
    [
      'a Cert that is not quoted and holds an equals sign',
      () => `Hash=${hash(alice)};Cert=${escapedPem(alice)}=`,
      'certificate_header_malformed',
    ],
    ['endless pairs', () => `DNS=a${';DNS=a'.repeat(100)}`, 'certificate_too_large'],
  ])('refuses %s', async (_name, value, code) => {
    expect(await read(envoy, xfcc(value()))).toBe(code)
  })
})

describe('AWS load balancers', () => {
  const leaf = (value: string): Headers => [['X-Amzn-Mtls-Clientcert-Leaf', value]]
  const chain = (value: string): Headers => [['X-Amzn-Mtls-Clientcert', value]]
  /** With + = / as they are, as the balancers do. */
  const asAws = (...certificates: readonly TestCertificate[]) =>
    encodeURI(certificates.map(({ pem }) => pem).join(''))

  test('hand on the certificate', async () => {
    expect(await read(usualHeaderFormats['alb-verify'], leaf(asAws(alice)))).toEqual(only(alice))
    expect(await read(usualHeaderFormats['alb-passthrough'], chain(asAws(alice, issuing)))).toEqual(
      {
        accepted: { leaf: alice.der, intermediates: [issuing.der] },
      },
    )
  })

  test.each<[string, 'alb-verify' | 'alb-passthrough', () => Headers, string]>([
    ['nothing', 'alb-verify', () => [], 'certificate_missing'],
    [
      'the header of the other mode',
      'alb-verify',
      () => chain(asAws(alice)),
      'certificate_missing',
    ],
    [
      'a chain for a leaf',
      'alb-verify',
      () => leaf(asAws(alice, issuing)),
      'certificate_header_ambiguous',
    ],
    [
      'words between certificates',
      'alb-passthrough',
      () => chain(`${asAws(alice)}x%0A${asAws(issuing)}`),
      'certificate_header_malformed',
    ],
    [
      'more certificates than any chain has',
      'alb-passthrough',
      () => chain(asAws(...Array.from({ length: 12 }, () => alice))),
      'certificate_too_large',
    ],
  ])('refuse %s', async (_name, format, headers, code) => {
    expect(await read(usualHeaderFormats[format], headers())).toBe(code)
  })
})

describe('RFC 9440', () => {
  const rfc9440 = usualHeaderFormats.rfc9440
  const cert = (value: string): Headers => [['Client-Cert', value]]

  test('hands on certificate and chain', async () => {
    expect(await read(rfc9440, cert(`:${base64(alice)}:`))).toEqual(only(alice))
    const headers = [
      ...cert(`:${base64(alice)}:`),
      ['Client-Cert-Chain', `:${base64(issuing)}:, :${base64(root)}:`] as const,
    ]
    expect(await read(rfc9440, headers)).toEqual({
      accepted: { leaf: alice.der, intermediates: [issuing.der, root.der] },
    })
  })

  test.each<[string, () => Headers, string]>([
    ['nothing', () => [], 'certificate_missing'],
    [
      'a chain alone',
      () => [['Client-Cert-Chain', `:${base64(issuing)}:`]],
      'certificate_header_malformed',
    ],
    ['base64 without colons', () => cert(base64(alice)), 'certificate_header_malformed'],
    [
      'a list',
      () => cert(`:${base64(alice)}:, :${base64(issuing)}:`),
      'certificate_header_malformed',
    ],
    ['parameters', () => cert(`:${base64(alice)}:;a=1`), 'certificate_header_malformed'],
    ['an empty sequence', () => cert('::'), 'certificate_header_malformed'],
    [
      'a gap in the chain',
      () => [...cert(`:${base64(alice)}:`), ['Client-Cert-Chain', `:${base64(issuing)}:,`]],
      'certificate_header_malformed',
    ],
    [
      'an endless chain',
      () => [...cert(`:${base64(alice)}:`), ['Client-Cert-Chain', ':AAAA:,'.repeat(50)]],
      'certificate_too_large',
    ],
    [
      'the header twice',
      () => [...cert(`:${base64(alice)}:`), ...cert(`:${base64(issuing)}:`)],
      'certificate_header_ambiguous',
    ],
  ])('refuses %s', async (_name, headers, code) => {
    expect(await read(rfc9440, headers())).toBe(code)
  })
})

describe('believes nobody but the proxy', () => {
  const rfc9440 = usualHeaderFormats.rfc9440
  const headers = (): Headers => [['Client-Cert', `:${base64(alice)}:`]]
  const ask = async (sent: ForwardedRequest, more: Partial<ForwardedSettings['proxies']> = {}) =>
    refusalOf(() => forwardedPeer(sent, settings(rfc9440, more), noon))

  test.each(['10.0.1.7', '127.0.0.1', '::2', '::ffff:192.0.2.1', '', undefined])(
    'not %s',
    async (peerAddress) => {
      expect(await ask(request(headers(), { peerAddress }))).toBe('certificate_header_untrusted')
    },
  )

  test.each(['10.0.0.1', '::ffff:10.0.0.1', '::1'])('but %s', async (peerAddress) => {
    expect(await ask(request(headers(), { peerAddress }))).toEqual(only(alice))
  })

  test('whatever X-Forwarded-For says', async () => {
    const sent = request([...headers(), ['X-Forwarded-For', '10.0.0.7']], {
      peerAddress: '192.0.2.1',
    })
    expect(await ask(sent)).toBe('certificate_header_untrusted')
  })

  test.each([
    ['without the secret', []],
    ['with another secret', ['X-Postern-Proxy', `${secret}x`]],
    ['with an empty secret', ['X-Postern-Proxy', '']],
  ])('%s', async (_name, proof) => {
    const rawHeaders = [...proof, ...headers().flat()]
    expect(await ask(request([], { rawHeaders }))).toBe('certificate_header_untrusted')
  })

  test('with a secret that anybody could guess', async () => {
    const short = 'x'.repeat(shortestProxySecret - 1)
    const proof = { ...bySecret, secret: short }
    const rawHeaders = ['X-Postern-Proxy', short, ...headers().flat()]
    expect(await ask(request([], { rawHeaders }), { proof })).toBe('certificate_header_untrusted')
  })

  test('with the secret twice', async () => {
    expect(await ask(request([['x-postern-proxy', secret], ...headers()]))).toBe(
      'certificate_header_ambiguous',
    )
  })

  test('with a certificate of its own, from the authority for proxies', async () => {
    const proxies = await makeRoot({ subject: 'CN=Proxies' })
    const proof = { by: 'certificate', authorities: readAuthorities([proxies.der]) } as const
    const present = (own: TestCertificate | undefined) =>
      ask(
        request(headers(), {
          peerCertificate: own && { leaf: own.der, intermediates: [] },
        }),
        { proof },
      )
    expect(await present(await proxies.issue())).toEqual(only(alice))
    expect(await present(undefined)).toBe('certificate_header_untrusted')
    expect(await present(alice)).toBe('certificate_header_untrusted')
    expect(await present(await proxies.issue({ usages: [serverAuth] }))).toBe(
      'certificate_header_untrusted',
    )
    expect(await present(await proxies.issue({ to: new Date(noon.getTime() - 60_000) }))).toBe(
      'certificate_header_untrusted',
    )
  })
})

test('finds the headers that nobody may send to a listener without a proxy', () => {
  expect(firstCertificateHeader(['Host', 'x', 'X_Forwarded-Client_Cert', 'x'])).toBe(
    'x_forwarded-client_cert',
  )
  expect(firstCertificateHeader(['Host', 'client-cert', 'Cookie', 'x'])).toBeUndefined()
  expect(firstCertificateHeader(['X-Own', 'x'], ['x-own'])).toBe('x-own')
})
