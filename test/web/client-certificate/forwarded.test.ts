import { describe, expect, test } from 'vitest'
import { certificateLab } from '../../support/certificates/certificate-lab.ts'
import { forwardedHeaders } from '../../support/certificates/forwarded-headers.ts'
import { ownAuthority } from '../../support/certificates/own-authority.ts'
import { ask, behind, codes, type Format, pemOf, proof, secret } from './behind-proxy.ts'

const formats: readonly Format[] = [
  'nginx',
  'haproxy',
  'envoy',
  'alb-verify',
  'alb-passthrough',
  'rfc9440',
]

describe.each(formats)('behind a proxy that speaks %s', (format) => {
  const proves = format.startsWith('alb-') ? {} : proof

  test('people sign in at once, and programs in one request', async () => {
    const lab = await behind(format)
    const headers = { ...forwardedHeaders(format, pemOf(lab, 'alice')), ...proves }
    const answer = await ask(lab, '/sign-in/card', { headers })
    expect([answer.status, answer.location]).toEqual([303, '/'])
    expect(answer.headers['set-cookie']).toBeDefined()
    const me = await ask(lab, '/api/v1/me', { headers })
    expect(JSON.parse(me.text)).toMatchObject({ name: 'alice@corp.example', by: 'certificate' })
  })

  test('what the certificate lacks is found by Postern too', async () => {
    const lab = await behind(format)
    const stranger = await (await ownAuthority()).issue()
    for (const [pem, code] of [
      [pemOf(lab, 'expired'), 'certificate_expired'],
      [pemOf(lab, 'revoked'), 'certificate_revoked'],
      [pemOf(lab, 'server'), 'certificate_usage'],
      [stranger.made.pem, 'certificate_unknown_authority'],
    ] as const) {
      const headers = { ...forwardedHeaders(format, pem), ...proves }
      expect((await ask(lab, '/api/v1/me', { headers })).status).toBe(403)
      expect(codes(lab)).toEqual([code])
    }
  })

  test('headers of anybody else are refused', async () => {
    const lab = await behind(format)
    const headers = { ...forwardedHeaders(format, pemOf(lab, 'alice')), ...proves }
    const from = '127.0.0.2'
    for (const path of ['/api/v1/me', '/sign-in/card'])
      expect((await ask(lab, path, { headers, from })).status).toBe(403)
    expect(codes(lab)).toEqual(['certificate_header_untrusted', 'certificate_header_untrusted'])
    const claimed = { ...headers, 'x-forwarded-for': '127.0.0.1' }
    expect((await ask(lab, '/api/v1/me', { headers: claimed, from })).status).toBe(403)
  })

  test('a header that stands there twice, or in another spelling, is refused', async () => {
    const lab = await behind(format)
    const honest = forwardedHeaders(format, pemOf(lab, 'bob'))
    const forged = forwardedHeaders(format, pemOf(lab, 'alice'))
    for (const [name, value = ''] of Object.entries(honest)) {
      const twice = { ...honest, ...proves, [name]: [value, forged[name] ?? ''] }
      expect((await ask(lab, '/api/v1/me', { headers: twice })).status).toBe(403)
      const twin = { ...honest, ...proves, [name.replaceAll('-', '_')]: forged[name] ?? '' }
      expect((await ask(lab, '/api/v1/me', { headers: twin })).status).toBe(403)
    }
    expect(new Set(codes(lab))).toEqual(new Set(['certificate_header_ambiguous']))
  })

  test('without a certificate a browser reads why, and a program is asked for any proof', async () => {
    const lab = await behind(format)
    const page = await ask(lab, '/sign-in/card', { headers: proves })
    expect([page.status, page.text.includes('sent no certificate')]).toEqual([403, true])
    const program = await ask(lab, '/api/v1/me', { headers: proves })
    expect([program.status, program.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('Bearer'),
    ])
  })
})

describe('a proxy', () => {
  test('without the right secret is nobody', async () => {
    const lab = await behind('nginx')
    const forged = forwardedHeaders('nginx', pemOf(lab, 'alice'))
    const wrong = [{}, { 'X-Postern-Proxy': 'guessed-and-long-enough-to-be-one' }]
    const spelled = { X_Postern_Proxy: secret }
    const twice = { 'X-Postern-Proxy': [secret, secret] }
    for (const shown of [...wrong, spelled, twice]) {
      const answer = await ask(lab, '/api/v1/me', { headers: { ...forged, ...shown } })
      expect(answer.status).toBe(403)
      expect(answer.text).not.toContain(secret)
    }
    expect(codes(lab)).not.toContain(undefined)
    expect(lab.logger.text()).not.toContain(secret)
  })

  test('that did not accept the certificate says so', async () => {
    const lab = await behind('nginx')
    const headers = {
      ...forwardedHeaders('nginx', pemOf(lab, 'alice')),
      ...proof,
      'X-SSL-Client-Verify': 'FAILED:certificate has expired',
    }
    expect((await ask(lab, '/api/v1/me', { headers })).status).toBe(403)
    expect(codes(lab)).toEqual(['certificate_proxy_refused'])
  })

  test('hands on one proof, not two', async () => {
    const lab = await behind('nginx')
    const headers = {
      ...forwardedHeaders('nginx', pemOf(lab, 'alice')),
      ...proof,
      authorization: 'Bearer something',
    }
    expect((await ask(lab, '/api/v1/me', { headers })).status).toBe(400)
  })

  test('speaks the configured format alone', async () => {
    const lab = await behind('nginx')
    const headers = { ...forwardedHeaders('rfc9440', pemOf(lab, 'alice')), ...proof }
    expect((await ask(lab, '/api/v1/me', { headers })).status).toBe(401)
    expect((await ask(lab, '/sign-in/card', { headers })).status).toBe(403)
    expect(codes(lab)).toEqual(['certificate_missing'])
  })

  test.each([
    ['nginx', { certificate: 'X-Card', verify: 'X-Card-Checked' }],
    ['haproxy', { certificate: 'X-Card', verify: 'X-Card-Checked', used: 'X-Card-There' }],
    ['envoy', { certificate: 'X-Card' }],
    ['rfc9440', { certificate: 'X-Card', chain: 'X-Card-Chain' }],
  ] as const)('that speaks %s may name its headers', async (format, names) => {
    const lab = await certificateLab({
      files: { 'proxy-secret': secret },
      method: () => ({
        listen: undefined,
        proxy: {
          ...{ format, headers: names, addresses: ['127.0.0.0/8'] },
          ...{ secret: '${file:proxy-secret}', secretHeader: 'X-Word' },
        },
      }),
    })
    const usual = forwardedHeaders(format, pemOf(lab, 'bob'))
    const headers = Object.fromEntries(
      Object.entries(usual).map(([name, value]): [string, string] => {
        if (/verify$/i.test(name)) return ['X-Card-Checked', value]
        return [/used$/i.test(name) ? 'X-Card-There' : 'X-Card', value]
      }),
    )
    const named = await ask(lab, '/api/v1/me', { headers: { ...headers, 'X-Word': secret } })
    expect(named.text).toContain('bob@corp.example')
    // The usual ones mean nothing then.
    expect((await ask(lab, '/api/v1/me', { headers: { ...usual, ...proof } })).status).toBe(401)
  })

  test('hands on large headers, up to a bound', async () => {
    const lab = await behind('nginx')
    const own = await ownAuthority()
    const names = Array.from({ length: 400 }, (_, n) => ({
      type: 'dns' as const,
      value: `host-${n}.corp.example`,
    }))
    const { made } = await own.issue({ names })
    const headers = { ...forwardedHeaders('nginx', made.pem), ...proof }
    expect((await ask(lab, '/api/v1/me', { headers })).status).toBe(403)
    const padded = { ...headers, 'X-SSL-Client-Cert': 'A'.repeat(60_000) }
    expect((await ask(lab, '/api/v1/me', { headers: padded })).status).toBe(431)
  })
})
