import type { AttackCase, Kit } from '../attack-kit.ts'
import { dsElement, signatureOf } from '../saml-response.ts'

const family = 'signature wrapping'

function assertionOf(xml: string): string {
  return /<saml:Assertion .*<\/saml:Assertion>/s.exec(xml)?.[0] ?? ''
}

function withoutSignatures(xml: string): string {
  return xml.replace(/<ds:Signature[ >].*?<\/ds:Signature>/gs, '')
}

/** The same assertion for somebody else, unsigned, with an ID of its own. */
function evilAssertion(kit: Kit, id = '_evil'): string {
  return withoutSignatures(assertionOf(kit.seal()))
    .replace(kit.plan.assertionId, id)
    .replace(kit.plan.nameId, 'mallory@corp.example')
}

function evilResponse(kit: Kit): string {
  return withoutSignatures(kit.seal())
    .replace(kit.plan.responseId, '_evil')
    .replace(kit.plan.assertionId, '_evil2')
    .replace(kit.plan.nameId, 'mallory@corp.example')
}

/** The signature of the response, with more inside. */
function hold(signature: string, inner: string): string {
  return signature.replace('</ds:Signature>', `${inner}</ds:Signature>`)
}

function placeAfterIssuer(xml: string, inner: string): string {
  return xml.replace('</saml:Issuer>', `</saml:Issuer>${inner}`)
}

const wrapsResponse = { family, flavours: ['response', 'both'] } as const
const wrapsAssertion = { family, flavours: ['assertion', 'both'] } as const

/** XSW1 to 9 and their kin: the signature verifies over one thing and another is read. */
export const wrapping: readonly AttackCase[] = [
  {
    ...wrapsResponse,
    name: 'XSW1: the genuine response in the signature of a forged one',
    code: 'saml_structure',
    attack(kit) {
      const genuine = kit.seal()
      const signature = signatureOf(genuine)
      const original = genuine.replace(signature, '')
      return placeAfterIssuer(evilResponse(kit), hold(signature, original))
    },
  },
  {
    ...wrapsResponse,
    name: 'XSW2: the genuine response before the signature of a forged one',
    code: 'saml_structure',
    attack(kit) {
      const genuine = kit.seal()
      const signature = signatureOf(genuine)
      return placeAfterIssuer(evilResponse(kit), genuine.replace(signature, '') + signature)
    },
  },
  {
    family,
    name: 'XSW3: a forged assertion before the signed one',
    code: 'saml_assertion_missing',
    attack: (kit) => kit.seal().replace('</samlp:Status>', `</samlp:Status>${evilAssertion(kit)}`),
  },
  {
    family,
    name: 'XSW4: a forged assertion around the signed one',
    code: 'saml_structure',
    attack(kit) {
      const genuine = assertionOf(kit.seal())
      const around = evilAssertion(kit).replace('</saml:Assertion>', `${genuine}</saml:Assertion>`)
      return kit.seal().replace(genuine, around)
    },
  },
  {
    ...wrapsAssertion,
    name: 'XSW5: the signature in the forged assertion, the genuine one at the end',
    code: 'saml_assertion_missing',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      const signature = signatureOf(genuine)
      const forged = placeAfterIssuer(evilAssertion(kit), signature)
      return xml.replace(genuine, forged + genuine.replace(signature, ''))
    },
  },
  {
    ...wrapsAssertion,
    name: 'XSW6: the signature in the forged assertion, the genuine one inside it',
    code: 'saml_structure',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      const signature = signatureOf(genuine)
      const inside = hold(signature, genuine.replace(signature, ''))
      return xml.replace(genuine, placeAfterIssuer(evilAssertion(kit), inside))
    },
  },
  {
    family,
    name: 'XSW7: a forged assertion with the same ID in Extensions',
    code: 'saml_structure',
    attack(kit) {
      const forged = evilAssertion(kit, kit.plan.assertionId)
      return kit
        .seal()
        .replace('<samlp:Status>', `<samlp:Extensions>${forged}</samlp:Extensions><samlp:Status>`)
    },
  },
  {
    ...wrapsAssertion,
    name: 'XSW8: the genuine assertion in an Object of the signature of the forged one',
    code: 'saml_structure',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      const signature = signatureOf(genuine)
      const object = dsElement('Object', genuine.replace(signature, ''))
      const forged = evilAssertion(kit, kit.plan.assertionId)
      return xml.replace(genuine, placeAfterIssuer(forged, hold(signature, object)))
    },
  },
  {
    family,
    name: 'XSW9: the genuine assertion in an element that nobody knows, the forged one in its place',
    code: 'saml_structure',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      return xml.replace(genuine, `<x:y xmlns:x="urn:x">${genuine}</x:y>${evilAssertion(kit)}`)
    },
  },
  {
    ...wrapsAssertion,
    name: 'the signature after its assertion instead of in it',
    code: 'saml_structure',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      const signature = signatureOf(genuine)
      return xml.replace(genuine, genuine.replace(signature, '') + hold(signature, ''))
    },
  },
  {
    family,
    name: 'Extensions hold the genuine assertion, a forged one has its ID and a copy of its signature',
    code: 'saml_structure',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      const signature = signatureOf(genuine)
      const forged = placeAfterIssuer(evilAssertion(kit, kit.plan.assertionId), signature)
      return xml
        .replace(genuine, forged)
        .replace('<samlp:Status>', `<samlp:Extensions>${genuine}</samlp:Extensions><samlp:Status>`)
    },
  },
  {
    ...wrapsAssertion,
    name: 'a second signature beside the genuine one',
    code: 'saml_structure',
    attack(kit) {
      const genuine = assertionOf(kit.seal())
      const signature = signatureOf(genuine)
      return kit.seal().replace(signature, signature + signature)
    },
  },
  {
    ...wrapsAssertion,
    name: 'the assertion signed, and the signature of the response points at it',
    code: 'saml_signature_reference',
    attack(kit) {
      const xml = kit.seal()
      const genuine = assertionOf(xml)
      const signature = signatureOf(genuine)
      return placeAfterIssuer(withoutSignatures(xml), signature)
    },
  },
]
