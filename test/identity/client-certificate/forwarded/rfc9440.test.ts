import { describe, expect, test } from 'vitest'
import { usualHeaderFormats } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import {
  alice,
  base64,
  type HeaderList,
  issuing,
  only,
  readForwarded,
  root,
} from './read-forwarded.ts'

describe('RFC 9440', () => {
  const rfc9440 = usualHeaderFormats.rfc9440
  const cert = (value: string): HeaderList => [['Client-Cert', value]]

  test('hands on certificate and chain', async () => {
    expect(await readForwarded(rfc9440, cert(`:${base64(alice)}:`))).toEqual(only(alice))
    const headers = [
      ...cert(`:${base64(alice)}:`),
      ['Client-Cert-Chain', `:${base64(issuing)}:, :${base64(root)}:`] as const,
    ]
    expect(await readForwarded(rfc9440, headers)).toEqual({
      accepted: { leaf: alice.der, intermediates: [issuing.der, root.der] },
    })
  })

  test.each<[string, () => HeaderList, string]>([
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
      'white space without end',
      () => [
        ...cert(`:${base64(alice)}:`),
        ['Client-Cert-Chain', `:${base64(issuing)}:${' '.repeat(17)}`],
      ],
      'certificate_header_malformed',
    ],
    [
      'the header twice',
      () => [...cert(`:${base64(alice)}:`), ...cert(`:${base64(issuing)}:`)],
      'certificate_header_ambiguous',
    ],
  ])('refuses %s', async (_name, headers, code) => {
    expect(await readForwarded(rfc9440, headers())).toBe(code)
  })
})
