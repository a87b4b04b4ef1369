import type { AttackCase } from '../attack-kit.ts'

const family = 'parsers that disagree'

/** The shapes of 2025: canonical forms of nothing, polluted attributes, names in foreign namespaces. */
export const fragileLock: readonly AttackCase[] = [
  {
    family,
    name: 'a relative namespace, which makes canonicalisation fail to nothing',
    code: 'saml_xml_namespace',
    attack: (kit) => kit.seal().replace('<samlp:Status>', '<samlp:Status xmlns:v="1">'),
  },
  {
    family,
    name: 'a prefix that is undeclared again',
    code: 'saml_xml_namespace',
    attack: (kit) => kit.seal().replace('<samlp:Status>', '<samlp:Status xmlns:saml="">'),
  },
  {
    family,
    name: 'the prefix xml bound to something else',
    code: 'saml_xml_namespace',
    attack: (kit) => kit.seal().replace('<samlp:Status>', '<samlp:Status xmlns:xml="urn:x">'),
  },
  {
    family,
    name: 'a prefix that nothing declares',
    code: 'saml_xml_namespace',
    attack: (kit) => kit.seal().replace('<samlp:Status>', '<samlp:Status q:a="b">'),
  },
  {
    family,
    name: 'samlp:ID beside ID',
    code: 'saml_id',
    attack: (kit) => kit.seal().replace(' ID="', ' samlp:ID="_polluted" ID="'),
  },
  {
    family,
    name: 'an ID in another namespace alone',
    code: 'saml_id',
    attack: (kit) => kit.seal().replace(' ID="', ' samlp:ID="'),
  },
  {
    family,
    name: 'one attribute by two prefixes',
    code: 'saml_xml_malformed',
    attack: (kit) =>
      kit
        .seal()
        .replace(
          '<samlp:Status>',
          '<samlp:Status xmlns:a="urn:x" xmlns:b="urn:x" a:c="1" b:c="2">',
        ),
  },
  {
    family,
    name: 'an attribute twice',
    code: 'saml_xml_malformed',
    attack: (kit) => kit.seal().replace(' Version="2.0"', ' Version="2.0" Version="2.0"'),
  },
  {
    family,
    name: 'an Assertion in a foreign namespace',
    code: 'saml_structure',
    attack: (kit) =>
      kit.seal().replace('</samlp:Status>', '</samlp:Status><x:Assertion xmlns:x="urn:x"/>'),
  },
  {
    family,
    name: 'a Signature in a foreign namespace',
    code: 'saml_structure',
    attack: (kit) =>
      kit.seal().replace('<ds:Signature ', '<x:Signature xmlns:x="urn:x"/><ds:Signature '),
  },
  {
    family,
    name: 'the signature redeclared in a foreign namespace',
    code: 'saml_structure',
    attack: (kit) =>
      kit.seal().replace('xmlns:ds="http://www.w3.org/2000/09/xmldsig#"', 'xmlns:ds="urn:evil"'),
  },
  {
    family,
    name: 'a Response in a foreign namespace',
    code: 'saml_structure',
    attack: (kit) => kit.seal().replace(/urn:oasis:names:tc:SAML:2\.0:protocol"/, 'urn:evil"'),
  },
  {
    family,
    name: 'a name in letters that look like ours',
    code: 'saml_xml_malformed',
    attack: (kit) => kit.seal().replace('<saml:NameID', '<saml:N\u0430meID'),
  },
]
