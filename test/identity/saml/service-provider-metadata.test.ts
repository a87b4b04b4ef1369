import { describe, expect, test } from 'vitest'
import { serviceProviderMetadata } from '../../../src/identity/saml/service-provider-metadata.ts'
import { attributeOf, childrenOf } from '../../../src/identity/saml/xml/xml-element.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { acsUrl, spEntityId, testSettings } from '../../support/saml/core-target.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'

const md = 'urn:oasis:names:tc:SAML:2.0:metadata'
const now = new Date('2026-11-20T12:00:00Z')
const { serviceProvider, nextIdp: coming, decryption } = samlCast()

function descriptor(...more: Parameters<typeof testSettings>) {
  const root = readXml(serviceProviderMetadata(testSettings(...more), now))
  const [found] = childrenOf(root, md, 'SPSSODescriptor')
  if (!found) throw new Error('expected an SPSSODescriptor')
  return { root, found }
}

describe('our metadata', () => {
  test('names entity, addresses and an end', () => {
    const { root, found } = descriptor()
    expect(attributeOf(root, 'entityID')).toBe(spEntityId)
    expect(attributeOf(root, 'validUntil')).toBe('2026-11-27T12:00:00.000Z')
    const [acs] = childrenOf(found, md, 'AssertionConsumerService')
    expect(acs && attributeOf(acs, 'Location')).toBe(acsUrl)
    expect(childrenOf(found, md, 'SingleLogoutService')).toHaveLength(2)
    expect(attributeOf(found, 'AuthnRequestsSigned')).toBe('true')
    expect(attributeOf(found, 'WantAssertionsSigned')).toBe('false')
  })

  test('names both signing certificates during a rotation, and one to encrypt for', () => {
    const keys = {
      signing: [serviceProvider],
      decryption: [decryption, serviceProvider],
      alsoPublish: [coming.certificate],
    }
    const uses = childrenOf(descriptor({ keys }).found, md, 'KeyDescriptor').map((key) => [
      attributeOf(key, 'use'),
      childrenOf(key, md, 'EncryptionMethod').length > 0,
    ])
    expect(uses).toEqual([
      ['signing', false],
      ['signing', false],
      ['encryption', true],
    ])
  })

  test('keeps the order that the schema has', () => {
    const { found } = descriptor({ nameIdFormat: 'urn:f' })
    expect([...new Set(found.children.map(({ localName }) => localName))]).toEqual([
      'KeyDescriptor',
      'SingleLogoutService',
      'NameIDFormat',
      'AssertionConsumerService',
    ])
  })

  test('holds no private key', () => {
    expect(serviceProviderMetadata(testSettings(), now)).not.toContain('PRIVATE')
  })
})
