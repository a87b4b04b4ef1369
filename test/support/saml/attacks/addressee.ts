import { conditionsElement } from '../saml-response.ts'
import { meaningAttacks, withData } from './meaning.ts'

/** From whom, for whom and in answer to what. */
export const addressee = meaningAttacks([
  {
    name: 'a Destination that is not ours',
    code: 'saml_destination',
    plan: () => ({ destination: 'https://other.example/acs' }),
  },
  { name: 'no Destination', code: 'saml_destination', plan: () => ({ destination: undefined }) },
  { name: 'an empty Destination', code: 'saml_destination', plan: () => ({ destination: '' }) },
  {
    name: 'a Recipient that is not ours',
    code: 'saml_recipient',
    plan: () => ({ recipient: 'https://other.example/acs' }),
  },
  { name: 'no Recipient', code: 'saml_recipient', plan: () => ({ recipient: undefined }) },
  { name: 'an empty Recipient', code: 'saml_recipient', plan: () => ({ recipient: '' }) },
  { name: 'another audience', code: 'saml_audience', plan: () => ({ audience: 'urn:other' }) },
  {
    name: 'an audience that starts like ours',
    code: 'saml_audience',
    plan: (kit) => ({ audience: `${kit.plan.audience}/more` }),
  },
  {
    name: 'no AudienceRestriction',
    code: 'saml_audience',
    plan: (kit) => ({
      conditions: conditionsElement(kit.plan).replace(
        /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/,
        '',
      ),
    }),
  },
  {
    name: 'another issuer of the assertion',
    code: 'saml_issuer',
    plan: () => ({ assertionIssuer: '<saml:Issuer>https://evil.example</saml:Issuer>' }),
  },
  {
    name: 'another issuer of the response',
    code: 'saml_issuer',
    plan: () => ({ responseIssuer: '<saml:Issuer>https://evil.example</saml:Issuer>' }),
    twin: (kit) => ({
      responseIssuer: `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">${kit.plan.issuer}</saml:Issuer>`,
    }),
  },
  {
    name: 'an issuer that is no entity',
    code: 'saml_issuer',
    plan: (kit) => ({
      assertionIssuer: `<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${kit.plan.issuer}</saml:Issuer>`,
    }),
  },
  {
    name: 'an InResponseTo that nobody asked',
    code: 'saml_in_response_to',
    plan: () => ({ inResponseTo: '_nobody' }),
  },
  {
    name: 'no InResponseTo at all',
    code: 'saml_in_response_to',
    plan: () => ({ inResponseTo: undefined }),
  },
  {
    name: 'no InResponseTo in the signed confirmation',
    code: 'saml_in_response_to',
    plan: (kit) => withData(kit, { inResponseTo: undefined }),
  },
  {
    name: 'a foreign InResponseTo in the signed confirmation alone',
    code: 'saml_in_response_to',
    plan: (kit) => withData(kit, { inResponseTo: '_nobody' }),
  },
])
