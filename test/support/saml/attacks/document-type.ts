import type { AttackCase, Kit } from '../attack-kit.ts'

const family = 'document type'

const before = (doctype: string) => (kit: Kit) => doctype + kit.seal()
const laughs = Array.from(
  { length: 10 },
  (_, i) => `<!ENTITY l${String(i + 1)} "${`&l${String(i)};`.repeat(10)}">`,
)

/** Declarations of documents and entities. */
export const documentType: readonly AttackCase[] = [
  ['a bare DOCTYPE', '<!DOCTYPE Response>'],
  ['an internal entity', '<!DOCTYPE r [<!ENTITY e "evil">]>'],
  ['an external entity', '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'],
  ['a parameter entity', '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'],
  ['a billion laughs', `<!DOCTYPE r [<!ENTITY l0 "ha">${laughs.join('')}]>`],
  ['a default for an attribute', '<!DOCTYPE r [<!ATTLIST saml:NameID Format CDATA "urn:evil">]>'],
  ['a round trip that changes (CVE-2025-25291)', `<!DOCTYPE r SYSTEM 'x"><!--'>`],
].map(([name = '', doctype = '']): AttackCase => ({
  family,
  name,
  code: 'saml_xml_doctype',
  attack: before(doctype),
}))

/** References to entities that nothing declares. */
export const entities: readonly AttackCase[] = [
  {
    family,
    name: 'an undeclared entity',
    code: 'saml_xml_entity',
    attack: (kit) => kit.seal().replace('aws-readers', '&e;'),
    twin: (kit) => kit.seal({ attributes: { groups: ['a & b < c > "d"'] } }),
  },
  {
    family,
    name: 'a reference to NUL',
    code: 'saml_xml_malformed',
    attack: (kit) => kit.seal().replace('aws-readers', 'aws&#0;readers'),
  },
  {
    family,
    name: 'a reference to half a character',
    code: 'saml_xml_malformed',
    attack: (kit) => kit.seal().replace('aws-readers', '&#xD800;'),
  },
]
