import type { AttackCase } from '../attack-kit.ts'
import {
  attributeElement,
  authnStatementElement,
  conditionsElement,
  confirmationElement,
  nameIdElement,
} from '../saml-response.ts'

const family = 'more than one'

/** What there must be one of. Signed by the provider, so that only the number is wrong. */
export const multiple: readonly AttackCase[] = [
  {
    family,
    name: 'two genuine assertions',
    code: 'saml_assertion_missing',
    attack(kit) {
      const other = /<saml:Assertion .*<\/saml:Assertion>/s.exec(
        kit.seal({ assertionId: '_another' }),
      )
      return kit.seal().replace('</samlp:Response>', `${other?.[0] ?? ''}</samlp:Response>`)
    },
  },
  {
    family,
    name: 'no assertion',
    code: 'saml_assertion_missing',
    attack: (kit) => kit.seal().replace(/<saml:Assertion .*<\/saml:Assertion>/s, ''),
  },
  {
    family,
    name: 'two Responses, one in the other',
    code: 'saml_structure',
    attack: (kit) => kit.seal().replace('</samlp:Response>', '<samlp:Response/></samlp:Response>'),
  },
  {
    family,
    name: 'two root elements',
    code: 'saml_xml_malformed',
    attack: (kit) => kit.seal() + kit.seal({ responseId: '_two', assertionId: '_three' }),
  },
  {
    family,
    name: 'text after the root element',
    code: 'saml_xml_malformed',
    attack: (kit) => `${kit.seal()}evil`,
    twin: (kit) => `<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n${kit.seal()}\n\n`,
  },
  {
    family,
    name: 'a root element that is no Response',
    code: 'saml_structure',
    attack: (kit) => /<saml:Assertion .*<\/saml:Assertion>/s.exec(kit.seal())?.[0] ?? '',
  },
  {
    family,
    name: 'two AuthnStatements',
    code: 'saml_authn_statement',
    attack: (kit) => kit.seal({ authnStatement: authnStatementElement(kit.plan).repeat(2) }),
  },
  {
    family,
    name: 'two Conditions',
    code: 'saml_conditions',
    attack: (kit) => kit.seal({ conditions: conditionsElement(kit.plan).repeat(2) }),
  },
  {
    family,
    name: 'two AudienceRestrictions, one of them for others',
    code: 'saml_audience',
    attack: (kit) =>
      kit.seal({
        conditions: conditionsElement(kit.plan).replace(
          '</saml:Conditions>',
          '<saml:AudienceRestriction><saml:Audience>urn:other</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
        ),
      }),
    twin: (kit) =>
      kit.seal({
        conditions: conditionsElement(kit.plan).replace(
          '<saml:Audience>',
          '<saml:Audience>urn:other</saml:Audience><saml:Audience>',
        ),
      }),
  },
  {
    family,
    name: 'two NameIDs',
    code: 'saml_name_id',
    attack: (kit) => kit.seal({ nameIdElement: nameIdElement(kit.plan).repeat(2) }),
  },
  {
    family,
    name: 'no NameID, and an attribute of that name',
    code: 'saml_name_id',
    attack: (kit) => kit.seal({ nameIdElement: '', attributes: { nameID: ['mallory'] } }),
    twin: (kit) => kit.seal({ attributes: { nameID: ['mallory'], ['__proto__']: ['mallory'] } }),
  },
  {
    family,
    name: 'an empty NameID',
    code: 'saml_name_id',
    attack: (kit) => kit.seal({ nameId: '' }),
  },
  {
    family,
    name: 'two Subjects',
    code: 'saml_subject',
    attack(kit) {
      const subject = `<saml:Subject>${nameIdElement(kit.plan)}${confirmationElement(kit.plan)}</saml:Subject>`
      return kit.seal({ subject: subject + subject })
    },
  },
  {
    family,
    name: 'an attribute without a name',
    code: 'saml_attributes',
    attack: (kit) =>
      kit.seal({
        attributeStatement: `<saml:AttributeStatement>${attributeElement('', ['x'])}</saml:AttributeStatement>`,
      }),
  },
]
