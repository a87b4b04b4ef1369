import { describe, expect, test } from 'vitest'
import { usualHeaderFormats } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import {
  alice,
  base64,
  escapedPem,
  type HeaderList,
  only,
  readForwarded,
} from './read-forwarded.ts'

describe('HAProxy', () => {
  const haproxy = usualHeaderFormats.haproxy
  const headers = (der: string, used: string, verify: string): HeaderList => [
    ['X-SSL-Client-DER', der],
    ['X-SSL-Client-Used', used],
    ['X-SSL-Client-Verify', verify],
  ]

  test('hands on the certificate', async () => {
    expect(await readForwarded(haproxy, headers(base64(alice), '1', '0'))).toEqual(only(alice))
  })

  test.each<[string, () => HeaderList, string]>([
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
    expect(await readForwarded(haproxy, headersOf())).toBe(code)
  })
})
