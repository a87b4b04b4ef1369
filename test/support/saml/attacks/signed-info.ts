import type { AttackCase, Kit } from '../attack-kit.ts'
import { enveloped, exclusiveC14n } from '../saml-response.ts'

const family = 'SignedInfo and transforms'

function edit(kit: Kit, from: string | RegExp, to: string): string {
  return kit.seal().replace(from, to)
}

const transform = (algorithm: string, inner = '') =>
  `<ds:Transform Algorithm="${algorithm}">${inner}</ds:Transform>`

/** Signatures of another shape than SAML's own. */
export const signedInfo: readonly AttackCase[] = [
  {
    family,
    name: 'two SignedInfo, the forged one first',
    code: 'saml_signature_structure',
    attack: (kit) => edit(kit, /<ds:SignedInfo.*?<\/ds:SignedInfo>/s, '$&$&'),
  },
  {
    family,
    name: 'SignedInfo in an Object',
    code: 'saml_structure',
    attack: (kit) =>
      edit(
        kit,
        /(<ds:SignedInfo.*?<\/ds:SignedInfo>)(.*?)<\/ds:Signature>/s,
        '$1$2<ds:Object>$1</ds:Object></ds:Signature>',
      ),
  },
  {
    family,
    name: 'a comment in DigestValue',
    code: 'saml_xml_comment',
    attack: (kit) => edit(kit, '<ds:DigestValue>', '<ds:DigestValue><!--forged-->'),
  },
  {
    family,
    name: 'two DigestValues',
    code: 'saml_signature_structure',
    attack: (kit) => edit(kit, /<ds:DigestValue>.*?<\/ds:DigestValue>/s, '$&$&'),
  },
  {
    family,
    name: 'two References',
    code: 'saml_signature_structure',
    attack: (kit) => edit(kit, /<ds:Reference.*?<\/ds:Reference>/s, '$&$&'),
  },
  {
    family,
    name: 'an empty URI',
    code: 'saml_signature_reference',
    attack: (kit) => edit(kit, /URI="[^"]*"/, 'URI=""'),
  },
  {
    family,
    name: 'no URI',
    code: 'saml_signature_reference',
    attack: (kit) => edit(kit, / URI="[^"]*"/, ''),
  },
  {
    family,
    name: 'quotes in the URI',
    code: 'saml_signature_reference',
    attack: (kit) => edit(kit, /URI="#([^"]*)"/, `URI="#$1' or '1'='1"`),
  },
  {
    family,
    name: 'an XPointer as URI',
    code: 'saml_signature_reference',
    attack: (kit) => edit(kit, /URI="#([^"]*)"/, 'URI="#xpointer(id(\'$1\'))"'),
  },
  {
    family,
    name: 'the same value in Id',
    code: 'saml_id',
    attack: (kit) => edit(kit, '<saml:Subject>', `<saml:Subject Id="${kit.plan.assertionId}">`),
  },
  {
    family,
    name: 'the same value in xml:id',
    code: 'saml_id',
    attack: (kit) => edit(kit, '<saml:Subject>', `<saml:Subject xml:id="${kit.plan.assertionId}">`),
  },
  {
    family,
    name: 'the same ID on response and assertion',
    code: 'saml_id',
    attack: (kit) => kit.seal().replaceAll(kit.plan.responseId, kit.plan.assertionId),
  },
  {
    family,
    name: 'thirty transforms',
    code: 'saml_transform',
    attack: (kit) =>
      edit(kit, '</ds:Transforms>', `${transform(exclusiveC14n).repeat(30)}</ds:Transforms>`),
  },
  {
    family,
    name: 'an XSLT transform',
    code: 'saml_transform',
    attack: (kit) =>
      edit(
        kit,
        '</ds:Transforms>',
        `${transform('http://www.w3.org/TR/1999/REC-xslt-19991116', '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform"/>')}</ds:Transforms>`,
      ),
  },
  {
    family,
    name: 'an XPath transform that selects nothing',
    code: 'saml_transform',
    attack: (kit) =>
      edit(
        kit,
        new RegExp(`<ds:Transform Algorithm="${exclusiveC14n}"\\s*/>`),
        transform('http://www.w3.org/TR/1999/REC-xpath-19991116', '<ds:XPath>false()</ds:XPath>'),
      ),
  },
  {
    family,
    name: 'no enveloped transform',
    code: 'saml_transform',
    attack: (kit) => edit(kit, new RegExp(`<ds:Transform Algorithm="${enveloped}"\\s*/>`), ''),
  },
  {
    family,
    name: 'canonicalisation with comments as transform',
    code: 'saml_transform',
    attack: (kit) => kit.seal({}, { transforms: [enveloped, `${exclusiveC14n}WithComments`] }),
  },
  {
    family,
    name: 'inclusive canonicalisation of SignedInfo',
    code: 'saml_canonicalization_algorithm',
    attack: (kit) =>
      edit(
        kit,
        `<ds:CanonicalizationMethod Algorithm="${exclusiveC14n}"`,
        '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
      ),
  },
  {
    family,
    name: 'canonicalisation of SignedInfo with comments',
    code: 'saml_canonicalization_algorithm',
    attack: (kit) => kit.seal({}, { canonicalizationAlgorithm: `${exclusiveC14n}WithComments` }),
  },
  {
    family,
    name: 'a truncated HMAC length in SignatureMethod',
    code: 'saml_signature_algorithm',
    attack: (kit) =>
      edit(
        kit,
        /<ds:SignatureMethod ([^>]*)\/>/,
        '<ds:SignatureMethod $1><ds:HMACOutputLength>1</ds:HMACOutputLength></ds:SignatureMethod>',
      ),
  },
  {
    family,
    name: 'an Object in the signature',
    code: 'saml_signature_structure',
    attack: (kit) => edit(kit, '</ds:Signature>', '<ds:Object/></ds:Signature>'),
  },
  {
    family,
    name: 'a DigestValue in KeyInfo',
    code: 'saml_signature_structure',
    attack: (kit) =>
      edit(kit, '</ds:KeyInfo>', '<ds:DigestValue>AAAA</ds:DigestValue></ds:KeyInfo>'),
  },
]
