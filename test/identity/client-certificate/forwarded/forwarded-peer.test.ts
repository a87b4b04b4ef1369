import { describe, expect, test } from 'vitest'
import { firstCertificateHeader } from '../../../../src/identity/client-certificate/forwarded/certificate-headers.ts'
import {
  forwardedPeer,
  type ForwardedSettings,
} from '../../../../src/identity/client-certificate/forwarded/forwarded-peer.ts'
import type { ForwardedRequest } from '../../../../src/identity/client-certificate/forwarded/forwarded-request.ts'
import { usualHeaderFormats } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import { shortestProxySecret } from '../../../../src/identity/client-certificate/forwarded/trusted-proxy.ts'
import { readAuthorities } from '../../../../src/identity/client-certificate/trusted-authorities.ts'
import { refusalOf } from '../../../support/certificates/refusal-of.ts'
import {
  makeRoot,
  noon,
  serverAuth,
  type TestCertificate,
} from '../../../support/certificates/test-authority.ts'
import {
  alice,
  base64,
  bySecret,
  forwardedRequest,
  forwardedSettings,
  type HeaderList,
  only,
  proxySecret,
} from './read-forwarded.ts'

describe('believes nobody but the proxy', () => {
  const rfc9440 = usualHeaderFormats.rfc9440
  const headers = (): HeaderList => [['Client-Cert', `:${base64(alice)}:`]]
  const ask = async (sent: ForwardedRequest, more: Partial<ForwardedSettings['proxies']> = {}) =>
    refusalOf(() => forwardedPeer(sent, forwardedSettings(rfc9440, more), noon))

  test.each(['10.0.1.7', '127.0.0.1', '::2', '::ffff:192.0.2.1', '', undefined])(
    'not %s',
    async (peerAddress) => {
      expect(await ask(forwardedRequest(headers(), { peerAddress }))).toBe(
        'certificate_header_untrusted',
      )
    },
  )

  test.each(['10.0.0.1', '::ffff:10.0.0.1', '::1'])('but %s', async (peerAddress) => {
    expect(await ask(forwardedRequest(headers(), { peerAddress }))).toEqual(only(alice))
  })

  test('whatever X-Forwarded-For says', async () => {
    const sent = forwardedRequest([...headers(), ['X-Forwarded-For', '10.0.0.7']], {
      peerAddress: '192.0.2.1',
    })
    expect(await ask(sent)).toBe('certificate_header_untrusted')
  })

  test.each([
    ['without the secret', []],
    ['with another secret', ['X-Postern-Proxy', `${proxySecret}x`]],
    ['with an empty secret', ['X-Postern-Proxy', '']],
  ])('%s', async (_name, proof) => {
    const rawHeaders = [...proof, ...headers().flat()]
    expect(await ask(forwardedRequest([], { rawHeaders }))).toBe('certificate_header_untrusted')
  })

  test('with a secret that anybody could guess', async () => {
    const short = 'x'.repeat(shortestProxySecret - 1)
    const proof = { ...bySecret, secret: short }
    const rawHeaders = ['X-Postern-Proxy', short, ...headers().flat()]
    expect(await ask(forwardedRequest([], { rawHeaders }), { proof })).toBe(
      'certificate_header_untrusted',
    )
  })

  test('with the secret twice', async () => {
    expect(await ask(forwardedRequest([['x-postern-proxy', proxySecret], ...headers()]))).toBe(
      'certificate_header_ambiguous',
    )
  })

  test('with a certificate of its own, from the authority for proxies', async () => {
    const proxies = await makeRoot({ subject: 'CN=Proxies' })
    const proof = { by: 'certificate', authorities: readAuthorities([proxies.der]) } as const
    const present = (own: TestCertificate | undefined) =>
      ask(
        forwardedRequest(headers(), {
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
