import { describe, expect, test } from 'vitest'
import { usualHeaderFormats } from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import {
  alice,
  escapedPem,
  hash,
  type HeaderList,
  issuing,
  only,
  readForwarded,
} from './read-forwarded.ts'

describe('Envoy', () => {
  const envoy = usualHeaderFormats.envoy
  const xfcc = (value: string): HeaderList => [['X-Forwarded-Client-Cert', value]]
  const good = () =>
    `By=spiffe://corp.example/broker;Hash=${hash(alice)};Cert="${escapedPem(alice)}"`

  test('hands on the certificate', async () => {
    expect(await readForwarded(envoy, xfcc(good()))).toEqual(only(alice))
    const whole = `${good()};Chain="${escapedPem(alice, issuing)}";Subject="O=Corp\\, CN=admin,CN=\\"al\\\\";URI=;DNS=a;DNS=b`
    expect(await readForwarded(envoy, xfcc(whole))).toEqual({
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
    expect(await readForwarded(envoy, xfcc(value()))).toBe(code)
  })
})
