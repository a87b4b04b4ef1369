import { describe, expect, test } from 'vitest'
import { usualHeaderFormats } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import type { TestCertificate } from '../../../support/certificates/test-authority.ts'
import { alice, type HeaderList, issuing, only, readForwarded } from './read-forwarded.ts'

describe('AWS load balancers', () => {
  const leaf = (value: string): HeaderList => [['X-Amzn-Mtls-Clientcert-Leaf', value]]
  const chain = (value: string): HeaderList => [['X-Amzn-Mtls-Clientcert', value]]
  /** With + = / as they are, as the balancers do. */
  const asAws = (...certificates: readonly TestCertificate[]) =>
    encodeURI(certificates.map(({ pem }) => pem).join(''))

  test('hand on the certificate', async () => {
    expect(await readForwarded(usualHeaderFormats['alb-verify'], leaf(asAws(alice)))).toEqual(
      only(alice),
    )
    expect(
      await readForwarded(usualHeaderFormats['alb-passthrough'], chain(asAws(alice, issuing))),
    ).toEqual({
      accepted: { leaf: alice.der, intermediates: [issuing.der] },
    })
  })

  test.each<[string, 'alb-verify' | 'alb-passthrough', () => HeaderList, string]>([
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
    expect(await readForwarded(usualHeaderFormats[format], headers())).toBe(code)
  })
})
