import { createVerify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { verifyEnveloped } from '../../../src/identity/saml/verify-enveloped.ts'
import { attributeOf, childrenOf } from '../../../src/identity/saml/xml/xml-element.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { acsUrl, coreTarget, spEntityId } from '../../support/saml/core-target.ts'
import { readRequest } from '../../support/saml/read-request.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import { assertion, protocol } from '../../support/saml/saml-response.ts'

const { serviceProvider: key } = samlCast()
const order = { browserNonce: 'browser', carry: '/roles' }

async function redirect(...settings: Parameters<typeof coreTarget>) {
  const message = await coreTarget(...settings).serviceProvider.startSignIn(order)
  if (message.binding !== 'redirect') throw new Error('expected a redirect')
  return { url: message.url, request: readXml(readRequest(message.url).xml) }
}

describe('an AuthnRequest', () => {
  test('asks in our name for an answer to our address, and for nothing that providers refuse', async () => {
    const { request } = await redirect()
    expect(request.localName).toBe('AuthnRequest')
    expect(attributeOf(request, 'ID')).toMatch(/^_[0-9a-f]{32}$/)
    expect(attributeOf(request, 'Destination')).toBe('https://idp.example/sso')
    expect(attributeOf(request, 'AssertionConsumerServiceURL')).toBe(acsUrl)
    expect(attributeOf(request, 'ForceAuthn')).toBeUndefined()
    expect(childrenOf(request, assertion, 'Issuer')[0]?.text).toBe(spEntityId)
    const [policy] = childrenOf(request, protocol, 'NameIDPolicy')
    expect(policy && attributeOf(policy, 'Format')).toBeUndefined()
    expect(childrenOf(request, protocol, 'RequestedAuthnContext')).toEqual([])
  })

  test('asks for what is configured', async () => {
    const { request } = await redirect({
      forceAuthn: true,
      nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      authnContexts: ['urn:x509'],
    })
    expect(attributeOf(request, 'ForceAuthn')).toBe('true')
    const [policy] = childrenOf(request, protocol, 'NameIDPolicy')
    expect(policy && attributeOf(policy, 'Format')).toMatch(/persistent$/)
    const [context] = childrenOf(request, protocol, 'RequestedAuthnContext')
    expect(context?.children.map(({ text }) => text)).toEqual(['urn:x509'])
  })

  test('is signed by redirect over the octets as they stand, whatever the address holds already', async () => {
    const signIn = [
      {
        binding: 'redirect',
        location: 'https://idp.example/sso?idpid=C1',
        responseLocation: undefined,
      },
    ] as const
    const { url } = await redirect({}, { signIn })
    const query = new URL(url).search.slice(1)
    expect(query).toMatch(/^idpid=C1&SAMLRequest=/)
    const [, signed = '', signature = ''] = /&(SAMLRequest=.*)&Signature=(.*)$/.exec(query) ?? []
    expect(signed).toContain(
      'SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256',
    )
    const bytes = Buffer.from(decodeURIComponent(signature), 'base64')
    expect(createVerify('RSA-SHA256').update(signed).verify(key.certificate, bytes)).toBe(true)
  })

  test('goes by POST uncompressed, with the signature inside', async () => {
    const { serviceProvider } = coreTarget({ requestBinding: 'post' })
    const message = await serviceProvider.startSignIn(order)
    if (message.binding !== 'post') throw new Error('expected a form')
    const text = Buffer.from(message.fields['SAMLRequest'] ?? '', 'base64').toString()
    const policy = { allowSha1: false }
    const verified = verifyEnveloped(text, readXml(text), [key.certificate], policy)
    expect(verified.localName).toBe('AuthnRequest')
    expect(message.fields['RelayState']).toMatch(/^[\w-]{22}$/)
    expect(Object.keys(message.fields).sort()).toEqual(['RelayState', 'SAMLRequest'])
  })

  test('goes unsigned without a key', async () => {
    const { url } = await redirect({ keys: { signing: [], decryption: [], alsoPublish: [] } })
    expect([...new URL(url).searchParams.keys()]).toEqual(['SAMLRequest', 'RelayState'])
  })

  test('never repeats an ID or a RelayState', async () => {
    const target = coreTarget()
    const all = await Promise.all(Array.from({ length: 20 }, () => target.begin()))
    expect(new Set(all.flatMap(({ requestId, relayState }) => [requestId, relayState])).size).toBe(
      40,
    )
  })
})
