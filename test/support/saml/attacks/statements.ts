import { authnStatementElement, conditionsElement, confirmationElement } from '../saml-response.ts'
import { after, meaningAttacks, withData } from './meaning.ts'

const status = (code: string) =>
  `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${code}"/></samlp:Status>`

/** What is said of the person and of the outcome, and how. */
export const statements = meaningAttacks([
  { name: 'no Conditions', code: 'saml_conditions', plan: () => ({ conditions: '' }) },
  {
    name: 'a condition that nobody knows',
    code: 'saml_conditions',
    plan: (kit) => ({
      conditions: conditionsElement(kit.plan).replace(
        '</saml:Conditions>',
        '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x"/></saml:Conditions>',
      ),
    }),
    twin: (kit) => ({
      conditions: conditionsElement(kit.plan).replace(
        '</saml:Conditions>',
        '<saml:OneTimeUse/></saml:Conditions>',
      ),
    }),
  },
  {
    name: 'a holder-of-key confirmation',
    code: 'saml_confirmation_method',
    plan: () => ({ confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
    twin: (kit) => ({
      confirmation:
        confirmationElement({
          ...kit.plan,
          confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
        }) + confirmationElement(kit.plan),
    }),
  },
  {
    name: 'a sender-vouches confirmation',
    code: 'saml_confirmation_method',
    plan: () => ({ confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }),
  },
  { name: 'no confirmation', code: 'saml_confirmation_method', plan: () => ({ confirmation: '' }) },
  {
    name: 'a confirmation without data',
    code: 'saml_confirmation_data',
    plan: () => ({ confirmationData: '' }),
  },
  {
    name: 'a confirmation with NotBefore',
    code: 'saml_confirmation_data',
    plan: (kit) => withData(kit, {}, ` NotBefore="${after(kit, -60)}"`),
  },
  {
    name: 'a Responder status beside a valid assertion',
    code: 'saml_status',
    plan: () => ({ status: status('Responder') }),
  },
  { name: 'no status', code: 'saml_status', plan: () => ({ status: '' }) },
  {
    name: 'Success only as the second status code',
    code: 'saml_status',
    plan: () => ({
      status: status('Requester').replace(
        '"/>',
        '"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:StatusCode>',
      ),
    }),
  },
  {
    name: 'Version 1.1 on the response',
    code: 'saml_version',
    plan: (kit) => ({
      responseAttributes: ` Version="1.1" IssueInstant="${kit.plan.issueInstant}" Destination="${kit.plan.destination ?? ''}" InResponseTo="${kit.started.requestId}"`,
    }),
  },
  {
    name: 'Version 1.1 on the assertion',
    code: 'saml_version',
    plan: (kit) => ({
      assertionAttributes: ` Version="1.1" IssueInstant="${kit.plan.issueInstant}"`,
    }),
  },
  {
    name: 'no AuthnStatement',
    code: 'saml_authn_statement',
    plan: () => ({ authnStatement: '' }),
  },
  {
    name: 'a password where a certificate was asked for',
    code: 'saml_authn_context',
    profile: 'context',
    plan: () => ({}),
    twin: (kit) => ({
      authnStatement: authnStatementElement(kit.plan).replace('PasswordProtectedTransport', 'X509'),
    }),
  },
  {
    name: 'a NameID that changes each time',
    code: 'saml_name_id_transient',
    plan: () => ({ nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
  },
  {
    name: 'an encrypted NameID',
    code: 'saml_name_id',
    plan: () => ({ nameIdElement: '<saml:EncryptedID/>' }),
  },
])
