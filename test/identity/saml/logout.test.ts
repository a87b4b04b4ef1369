import { describe, expect, test } from 'vitest'
import { isSameSession, type SamlSession } from '../../../src/identity/saml/saml-session.ts'
import { verifyEnveloped } from '../../../src/identity/saml/verify-enveloped.ts'
import { verifyRedirect } from '../../../src/identity/saml/verify-redirect.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { makeKit, toBase64 } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'
import { logoutRequestXml, signedPost, signedQuery } from '../../support/saml/idp-logout.ts'
import { readRequest } from '../../support/saml/read-request.ts'
import {
  attacker,
  byPost,
  byQuery,
  idp,
  post,
  refusalOf,
  replyOf,
  serviceProvider,
} from './logout-messages.ts'

describe('a logout that the provider asks for', () => {
  test('is accepted by redirect, and answered by a signed redirect with its RelayState', async () => {
    const xml = logoutRequestXml({ id: '_ask' })
    const outcome = await byQuery(signedQuery('SAMLRequest', xml, idp, { relayState: 'a b+c' }))
    expect(outcome).toMatchObject({
      kind: 'request',
      nameId: { value: 'alice' },
      sessionIndexes: ['s1'],
    })
    const reply = replyOf(outcome)
    const url = new URL(reply.url)
    const verified = verifyRedirect(url.search, [serviceProvider.certificate], { allowSha1: false })
    expect(verified).toMatchObject({ field: 'SAMLResponse', relayState: 'a b+c' })
    expect(readRequest(reply.url).xml).toContain(' InResponseTo="_ask"')
  })

  test('is accepted by POST, and answered by a signed POST', async () => {
    const reply = replyOf(await post(logoutRequestXml({ id: '_posted' })))
    if (reply.binding !== 'post') throw new Error('expected a form')
    const text = Buffer.from(reply.fields['SAMLResponse'] ?? '', 'base64').toString()
    const policy = { allowSha1: false }
    const answer = verifyEnveloped(text, readXml(text), [serviceProvider.certificate], policy)
    expect(answer.localName).toBe('LogoutResponse')
  })

  test.each([
    [
      'unsigned by redirect',
      'saml_signature_missing',
      () =>
        byQuery(signedQuery('SAMLRequest', logoutRequestXml(), idp).replace(/&Signature=.*/, '')),
    ],
    [
      'without SigAlg',
      'saml_signature_missing',
      () =>
        byQuery(signedQuery('SAMLRequest', logoutRequestXml(), idp).replace(/&SigAlg=[^&]*/, '')),
    ],
    [
      'signed with MD5',
      'saml_signature_algorithm',
      () =>
        byQuery(
          signedQuery('SAMLRequest', logoutRequestXml(), idp, {
            sigAlg: 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
            hash: 'RSA-MD5',
          }),
        ),
    ],
    [
      'signed with SHA-1',
      'saml_signature_algorithm',
      () =>
        byQuery(
          signedQuery('SAMLRequest', logoutRequestXml(), idp, {
            sigAlg: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
            hash: 'RSA-SHA1',
          }),
        ),
    ],
    [
      "signed with an attacker's key",
      'saml_signature_invalid',
      () => byQuery(signedQuery('SAMLRequest', logoutRequestXml(), attacker)),
    ],
    [
      'with another RelayState than was signed',
      'saml_signature_invalid',
      () =>
        byQuery(
          signedQuery('SAMLRequest', logoutRequestXml(), idp, { relayState: 'one' }).replace(
            'RelayState=one',
            'RelayState=two',
          ),
        ),
    ],
    [
      'with a RelayState that was not signed',
      'saml_signature_invalid',
      () => byQuery(`RelayState=x&${signedQuery('SAMLRequest', logoutRequestXml(), idp)}`),
    ],
    [
      'with a second message before the signed one',
      'saml_field',
      () => byQuery(`SAMLRequest=x&${signedQuery('SAMLRequest', logoutRequestXml(), idp)}`),
    ],
    [
      'with a request and a response',
      'saml_field',
      () => byQuery(`SAMLResponse=x&${signedQuery('SAMLRequest', logoutRequestXml(), idp)}`),
    ],
    [
      'with an encoded name of a field',
      'saml_field',
      () => byQuery(`%53AMLRequest=x&${signedQuery('SAMLRequest', logoutRequestXml(), idp)}`),
    ],
    [
      'as a gzip bomb',
      'saml_too_large',
      () =>
        byQuery(
          signedQuery('SAMLRequest', logoutRequestXml({ extra: ' '.repeat(50_000_000) }), idp),
        ),
    ],
    [
      'unsigned by POST',
      'saml_signature_missing',
      () => byPost({ SAMLRequest: toBase64(logoutRequestXml()) }),
    ],
    [
      "posted with an attacker's signature",
      'saml_signature_invalid',
      () => post(logoutRequestXml(), attacker),
    ],
    ['posted twice in one form', 'saml_field', () => byPost({ SAMLRequest: ['a', 'b'] })],
    [
      'for another service provider',
      'saml_destination',
      () => post(logoutRequestXml({ destination: 'https://other.example/' })),
    ],
    [
      'from another provider',
      'saml_issuer',
      () => post(logoutRequestXml({ issuer: 'https://evil.example' })),
    ],
    [
      'of an hour ago',
      'saml_issue_instant',
      () => post(logoutRequestXml({ issuedAt: new Date(Date.now() - 3_600_000) })),
    ],
    [
      'that has expired',
      'saml_expired',
      () => post(logoutRequestXml({ notOnOrAfter: new Date(Date.now() - 130_000).toISOString() })),
    ],
    [
      'with an end that is no time',
      'saml_time',
      () => post(logoutRequestXml({ notOnOrAfter: '9999' })),
    ],
    [
      'of two people',
      'saml_name_id',
      () =>
        post(
          logoutRequestXml({
            nameIdElement: '<saml:NameID>a</saml:NameID><saml:NameID>b</saml:NameID>',
          }),
        ),
    ],
    [
      'of an encrypted person',
      'saml_name_id',
      () => post(logoutRequestXml({ nameIdElement: '<saml:EncryptedID/>' })),
    ],
  ])('%s is refused as %s', async (_name, code, send) => {
    expect(await refusalOf(send())).toBe(code)
  })

  test('a NameID rewritten by a processing instruction is refused', async () => {
    const signed = signedPost(logoutRequestXml({ nameId: 'not-bob' }), idp)
    const rewritten = signed.replace('>not-bob<', '><?p not-?>bob<')
    expect(rewritten).not.toBe(signed)
    const sent = byPost({ SAMLRequest: toBase64(rewritten) })
    expect(await refusalOf(sent)).toBe('saml_xml_processing_instruction')
  })

  test('a captured assertion wrapped in a LogoutRequest is refused', async () => {
    const kit = await makeKit(coreTarget(), 'assertion')
    const captured = /<saml:Assertion .*<\/saml:Assertion>/s.exec(kit.seal())?.[0] ?? ''
    const wrapped = logoutRequestXml({ extra: captured })
    expect(await refusalOf(byPost({ SAMLRequest: toBase64(wrapped) }))).toBe('saml_structure')
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(captured)?.[0] ?? ''
    const moved = logoutRequestXml().replace('</saml:Issuer>', `</saml:Issuer>${signature}`)
    expect(await refusalOf(byPost({ SAMLRequest: toBase64(moved) }))).toBe(
      'saml_signature_reference',
    )
  })

  test('a sign-in response is no logout', async () => {
    const kit = await makeKit(coreTarget(), 'response')
    const sent = byPost({ SAMLResponse: toBase64(kit.seal()) })
    expect(await refusalOf(sent)).toBe('saml_structure')
  })

  test('counts once, however often and in whichever binding it comes', async () => {
    const xml = logoutRequestXml()
    const query = signedQuery('SAMLRequest', xml, idp)
    const tries = [
      ...Array.from({ length: 20 }, () => refusalOf(byQuery(query))),
      refusalOf(post(xml)),
    ]
    const outcomes = await Promise.all(tries)
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
    expect(new Set(outcomes)).toEqual(new Set(['accepted', 'saml_replay']))
  })
})

describe('matching a logout to a session', () => {
  const nameId = {
    value: 'alice',
    format: undefined,
    nameQualifier: 'q',
    spNameQualifier: undefined,
  }
  const session: SamlSession = { nameId, sessionIndex: 's1', endsAt: undefined }

  test('by person, and by session index where one is given', () => {
    expect(isSameSession(session, nameId, [])).toBe(true)
    expect(isSameSession(session, nameId, ['s0', 's1'])).toBe(true)
    expect(isSameSession(session, nameId, ['s2'])).toBe(false)
    expect(isSameSession(session, { ...nameId, value: 'bob' }, ['s1'])).toBe(false)
    expect(isSameSession(session, { ...nameId, nameQualifier: 'other' }, ['s1'])).toBe(false)
    expect(isSameSession(session, { ...nameId, nameQualifier: undefined }, ['s1'])).toBe(true)
  })
})
