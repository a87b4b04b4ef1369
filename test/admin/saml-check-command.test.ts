import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { samlCommand } from '../../src/admin/saml-check-command.ts'
import { entityXml, service } from '../support/saml/idp-metadata.ts'
import { samlCast } from '../support/saml/saml-cast.ts'
import { makeTestKey } from '../support/saml/self-signed.ts'
import { loopbackServer } from '../support/loopback-server.ts'
import { base } from '../config/configuration.ts'
import { capturedIo } from './captured-io.ts'
import { configFile } from './config-file.ts'

const day = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * day)
const lasting = makeTestKey({ subject: 'provider', notAfter: inDays(1000) })
const { serviceProvider } = samlCast()
const good = entityXml({ keys: [{ key: lasting }] })
const signing = { certificate: '${file:sp.pem}', key: '${file:sp.key}' }

async function check(
  metadata: string,
  method: object = {},
  argv: readonly string[] = ['--offline'],
) {
  const { io, text, errors } = capturedIo()
  const file = configFile({
    ...base,
    signIn: [{ id: 'corp', type: 'saml', metadata: './idp.xml', ...method }],
    grants: [],
  })
  const place = (name: string) => join(dirname(file), name)
  writeFileSync(place('idp.xml'), metadata)
  const own = makeTestKey({ subject: 'Postern', notAfter: inDays(400) })
  writeFileSync(place('sp.pem'), own.certificate)
  writeFileSync(place('sp.key'), own.privateKey)
  writeFileSync(place('old.pem'), serviceProvider.certificate)
  writeFileSync(place('old.key'), serviceProvider.privateKey)
  const code = await samlCommand(['check', 'corp', '--config', file, ...argv], io, {})
  return { code, text: text(), errors: errors() }
}

describe('postern-server saml check', () => {
  test('finds a good method in order, and prints what the provider must know', async () => {
    const { code, text, errors } = await check(good, { signing: [signing] })
    expect(errors).toBe('')
    expect(code).toBe(0)
    expect(text).toContain('https://aws.corp.example/saml/corp/metadata')
    expect(text).toContain('https://aws.corp.example/saml/corp/acs')
    expect(text).toContain('https://idp.example/entity')
    expect(text).toMatch(/in order +sign-in by post and redirect/)
    expect(text).toMatch(/in order +sign-out at both ends/)
    expect(text).toMatch(/in order +a signing certificate of the provider .* lasts until/)
  })

  test.each<[string, string, object, RegExp]>([
    ['metadata that is none', '<nothing/>', {}, /describes no SAML 2\.0 identity provider/],
    [
      'another entity ID',
      good,
      { providerEntityId: 'https://other.example' },
      /does not describe https:\/\/other\.example/,
    ],
    [
      'our entity ID given as theirs',
      good,
      { entityId: 'https://idp.example/entity' },
      /entityId is the provider’s own/,
    ],
    [
      'a binding that is not offered',
      entityXml({
        keys: [{ key: lasting }],
        signIn: service('SingleSignOnService', 'redirect', 'https://idp.example/sso'),
      }),
      { requestBinding: 'post' },
      /requestBinding is post, and the provider offers redirect only/,
    ],
    [
      'signed requests wanted, and no key',
      good.replace('<md:IDPSSODescriptor ', '<md:IDPSSODescriptor WantAuthnRequestsSigned="true" '),
      {},
      /wants signed requests/,
    ],
    [
      'a certificate that has expired',
      entityXml({ keys: [{ key: makeTestKey({ notAfter: inDays(-1), notBefore: inDays(-9) }) }] }),
      {},
      /signing certificate of the provider .* has expired/,
    ],
    [
      'a fingerprint of no certificate',
      good,
      { metadataFingerprints: ['ab'.repeat(32)] },
      /No signing certificate .* fingerprint/,
    ],
    [
      'metadata that has expired',
      entityXml({ keys: [{ key: lasting }], attributes: ' validUntil="2020-01-01T00:00:00Z"' }),
      {},
      /was valid until 2020/,
    ],
  ])('finds %s', async (_, metadata, method, expected) => {
    const { code, errors } = await check(metadata, method)
    expect(errors).toMatch(expected)
    expect(code).toBe(1)
  })

  test.each<[string, string, object, RegExp]>([
    [
      'a certificate that expires within 30 days',
      entityXml({ keys: [{ key: makeTestKey({ notAfter: inDays(20) }) }] }),
      {},
      /note +a signing certificate of the provider .*, in (19|20) days/,
    ],
    [
      'a key of ours that does',
      good,
      { signing: [{ certificate: '${file:old.pem}', key: '${file:old.key}' }] },
      /note +our certificate for signing/,
    ],
    [
      'no sign-out',
      entityXml({ keys: [{ key: lasting }], logout: '' }),
      {},
      /note +The provider offers no sign-out/,
    ],
    ['sign-out without a key', good, {}, /note +The provider offers sign-out, but no key/],
    ['SHA-1', good, { allowSha1: true }, /note +SHA-1/],
  ])('tells of %s', async (_, metadata, method, expected) => {
    const { code, text, errors } = await check(metadata, method)
    expect(errors).toBe('')
    expect(text).toMatch(expected)
    expect(code).toBe(0)
  })

  test.each([
    [0, 0, /in order +the clock of .* agrees with ours/],
    [-60, 0, /note +the clock of .* is (60|59|61) s behind ours/],
    [600, 1, /FAULT +the clock of .* is (600|599|601) s ahead of ours, more than clockSkew allows/],
  ])('compares clocks: %i s off', async (off, expected, line) => {
    const { origin } = await loopbackServer((response, { method }) => {
      response.setHeader('date', new Date(Date.now() + off * 1000).toUTCString())
      response.end(method === 'HEAD' ? undefined : good)
    })
    const method = { metadata: `${origin}/metadata`, metadataPrivate: true }
    const { code, text, errors } = await check(good, method, [])
    expect(`${text}\n${errors}`).toMatch(line)
    expect(code).toBe(expected)
  })

  test('says where the clock could not be asked', async () => {
    const metadata = entityXml({
      keys: [{ key: lasting }],
      signIn: service('SingleSignOnService', 'redirect', 'http://127.0.0.1:9/sso'),
    })
    const { code, text } = await check(metadata, {}, [])
    expect(text).toMatch(/note +127\.0\.0\.1:9 could not be asked for the time/)
    expect(code).toBe(0)
  })

  test('names the methods that there are', async () => {
    const { io, errors } = capturedIo()
    const file = configFile({
      ...base,
      signIn: [...base.signIn, { id: 'corp', type: 'saml', metadata: './x' }],
    })
    expect(await samlCommand(['check', 'corq', '--config', file], io, {})).toBe(2)
    expect(errors()).toContain('there is corp')
    expect(await samlCommand(['chekc', 'corp'], io, {})).toBe(2)
  })
})
