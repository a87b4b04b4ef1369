import { describe, expect, test } from 'vitest'
import { MetadataFault } from '../../../src/identity/saml/metadata-fault.ts'
import { readMetadata } from '../../../src/identity/saml/metadata-reader.ts'
import { entityXml, type MetadataPlan, service } from '../../support/saml/idp-metadata.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import { exclusiveC14n, enveloped, rsaSha256, sha256 } from '../../support/saml/saml-response.ts'
import { makeTestKey } from '../../support/saml/self-signed.ts'
import { SignedXml } from 'xml-crypto'

const { idp, nextIdp, otherIdp, attacker } = samlCast()
const now = new Date()
const keys = [{ key: idp, use: 'signing' }]

function read(xml: string, entityId?: string, signedBy: readonly string[] = []) {
  return readMetadata(xml, { entityId, signedBy, now })
}

function plain(plan: MetadataPlan = {}) {
  return entityXml({ keys, ...plan })
}

function sign(xml: string, key = otherIdp): string {
  const signer = new SignedXml({
    privateKey: key.privateKey,
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusiveC14n,
  })
  signer.addReference({
    xpath: '/*',
    transforms: [enveloped, exclusiveC14n],
    digestAlgorithm: sha256,
  })
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: '/*', action: 'prepend' } })
  return signer.getSignedXml()
}

function signed(plan: MetadataPlan = {}, key = otherIdp): string {
  return sign(plain({ attributes: ' ID="_m1"', ...plan }), key)
}

describe('reading metadata', () => {
  test('finds entity ID, certificates and addresses', () => {
    const found = read(`<?xml version="1.0"?>\n<!-- exported -->\n${plain()}`)
    expect(found).toMatchObject({
      entityId: 'https://idp.example/entity',
      signIn: [
        { binding: 'post', location: 'https://idp.example/sso/post' },
        { binding: 'redirect', location: 'https://idp.example/sso' },
      ],
      logout: [{ binding: 'redirect', location: 'https://idp.example/slo' }],
      validUntil: undefined,
    })
    expect(found.certificates).toHaveLength(1)
  })

  test('takes every signing certificate, and those for no stated use, but not the encryption key', () => {
    const found = read(
      plain({
        keys: [
          { key: idp, use: 'signing' },
          { key: nextIdp },
          { key: idp, use: 'signing' },
          { key: otherIdp, use: 'encryption' },
        ],
      }),
    )
    expect(found.certificates.map((pem) => pem.trim())).toEqual([
      idp.certificate.trim(),
      nextIdp.certificate.trim(),
    ])
  })

  test('picks the provider that is asked for among several', () => {
    const federation = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"><md:EntitiesDescriptor>${plain()}</md:EntitiesDescriptor>${plain({ entityId: 'https://idp.example/two' })}</md:EntitiesDescriptor>`
    expect(read(federation, 'https://idp.example/two').entityId).toBe('https://idp.example/two')
    expect(() => read(federation)).toThrow(/describes 2 identity providers/)
    expect(() => read(federation, 'https://idp.example/three')).toThrow(/does not describe/)
    expect(() => read(federation.replace('/two', '/entity'), 'https://idp.example/entity')).toThrow(
      /exactly once/,
    )
  })

  test('refuses what is no longer valid, at whichever level that is said', () => {
    const past = ` validUntil="${new Date(now.getTime() - 1000).toISOString()}"`
    const soon = ` validUntil="${new Date(now.getTime() + 1000).toISOString()}"`
    expect(read(plain({ attributes: soon })).validUntil).toBe(now.getTime() + 1000)
    expect(() => read(plain({ attributes: past }))).toThrow(/was valid until/)
    const wrapped = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"${past}>${plain({ attributes: soon })}</md:EntitiesDescriptor>`
    expect(() => read(wrapped)).toThrow(/was valid until/)
    expect(() => read(plain({ attributes: ' validUntil="9999"' }))).toThrow(/time with a zone/)
  })

  test.each([
    ['javascript:alert(1)'],
    ['http://idp.example/sso'],
    ['https://user:secret@idp.example/sso'],
    // Each would be more than a host in the CSP, where forms may lead.
    ['https://*/sso'],
    ['https://*.example/sso'],
    ['https://idp.example;sandbox/sso'],
    ['https://idp.example,other.example/sso'],
    ["https://idp.example'none'/sso"],
    ['/sso'],
    [''],
  ])('refuses the sign-in address %j', (location) => {
    const signIn = service('SingleSignOnService', 'redirect', location)
    expect(() => read(plain({ signIn }))).toThrow(MetadataFault)
  })

  test('says so when no binding is one of ours', () => {
    const signIn = service(
      'SingleSignOnService',
      'urn:oasis:names:tc:SAML:2.0:bindings:SOAP',
      'https://idp.example/soap',
    )
    expect(() => read(plain({ signIn }))).toThrow(/no SingleSignOnService/)
  })

  test('says so when there is no usable key', () => {
    expect(() => read(entityXml())).toThrow(/no signing certificate/)
    expect(() => read(plain({ keys: [{ key: { certificate: 'AAAA' } }] }))).toThrow(/no X\.509/)
    expect(() => read(plain({ keys: [{ key: makeTestKey({ bits: 1024 }) }] }))).toThrow(/1024 bits/)
  })

  test('refuses metadata of a service provider, and what is no metadata', () => {
    expect(() => read(plain().replaceAll('IDPSSODescriptor', 'SPSSODescriptor'))).toThrow(
      /no SAML 2\.0/,
    )
    expect(() => read('<html/>')).toThrow(/no SAML 2\.0/)
    expect(() => read('{"issuer": 1}')).toThrow(/can not be read/)
    expect(() => read(`<!DOCTYPE x [<!ENTITY e "x">]>${plain()}`)).toThrow(/document type/)
  })

  test('holds metadata to a pinned signature', () => {
    const genuine = signed()
    const pin = [attacker.certificate, otherIdp.certificate]
    expect(read(genuine, undefined, pin).entityId).toBe('https://idp.example/entity')
    expect(() => read(plain(), undefined, pin)).toThrow(/not signed/)
    expect(() => read(genuine, undefined, [attacker.certificate])).toThrow(/not signed/)
    expect(() => read(genuine.replace('/sso"', '/evil"'), undefined, pin)).toThrow(/not signed/)
    expect(() => read(signed({}, attacker), undefined, [otherIdp.certificate])).toThrow(
      /not signed/,
    )
  })

  test('reads only what the signature covers', () => {
    const around = (inner: string) =>
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_outer">${inner}${plain({ entityId: 'https://evil.example' })}</md:EntitiesDescriptor>`
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(signed())?.[0] ?? ''
    const pin = [otherIdp.certificate]
    expect(() => read(around(signature + signed()), 'https://evil.example', pin)).toThrow(
      /not signed/,
    )
    expect(() => read(around(signed()), 'https://evil.example', pin)).toThrow(/not signed/)
  })

  test('reads the bytes that were verified, where a processing instruction makes them differ', () => {
    const genuine = signed()
    const rewritten = genuine.replace('<ds:X509Certificate>MII', '<ds:X509Certificate><?p MII?>')
    expect(rewritten).not.toBe(genuine)
    const found = read(rewritten, undefined, [otherIdp.certificate])
    expect(found.certificates).toEqual(read(genuine).certificates)
  })
})
