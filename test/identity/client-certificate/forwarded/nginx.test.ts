import { describe, expect, test } from 'vitest'
import { usualHeaderFormats } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import {
  alice,
  escapedPem,
  type HeaderList,
  issuing,
  only,
  readForwarded,
} from './read-forwarded.ts'

describe('nginx', () => {
  const nginx = usualHeaderFormats.nginx
  const certificate = () => ['X-SSL-Client-Cert', escapedPem(alice)] as const
  const verify = (value: string) => ['X-SSL-Client-Verify', value] as const

  test('hands on the certificate', async () => {
    expect(await readForwarded(nginx, [certificate(), verify('SUCCESS')])).toEqual(only(alice))
  })

  test.each<[string, () => HeaderList, string]>([
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
    expect(await readForwarded(nginx, headers())).toBe(code)
  })
})
