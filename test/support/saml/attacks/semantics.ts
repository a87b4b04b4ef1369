import { type AttackCase, genuinePlan, type Kit, toBase64 } from '../attack-kit.ts'
import {
  authnStatementElement,
  conditionsElement,
  confirmationDataElement,
  confirmationElement,
  type ResponsePlan,
} from '../saml-response.ts'

const family = 'meaning'

const after = (kit: Kit, seconds: number) =>
  new Date(kit.target.now() + seconds * 1000).toISOString()

function withData(kit: Kit, plan: Partial<ResponsePlan>, more = ''): Partial<ResponsePlan> {
  return { confirmationData: confirmationDataElement({ ...kit.plan, ...plan }, more) }
}

interface Row {
  readonly name: string
  readonly code: string
  readonly plan: (kit: Kit) => Partial<ResponsePlan>
  readonly twin?: (kit: Kit) => Partial<ResponsePlan>
  readonly profile?: AttackCase['profile']
  /** The library itself stumbles over it, where it can look inside before us. */
  readonly stumbles?: true
}

const status = (code: string) =>
  `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${code}"/></samlp:Status>`

// Everything here is signed by the provider: only what it says is wrong.
const rows: readonly Row[] = [
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
    name: 'an expired confirmation',
    code: 'saml_confirmation_expired',
    plan: (kit) => withData(kit, { notOnOrAfter: after(kit, -121) }),
    twin: (kit) => withData(kit, { notOnOrAfter: after(kit, -115) }),
  },
  {
    name: 'a confirmation without an end',
    code: 'saml_confirmation_expired',
    stumbles: true,
    plan: (kit) => ({
      confirmationData: confirmationDataElement(kit.plan).replace(/ NotOnOrAfter="[^"]*"/, ''),
    }),
  },
  { name: 'a year for an end', code: 'saml_time', plan: () => ({ notOnOrAfter: '9999' }) },
  {
    name: 'a time without a zone',
    code: 'saml_time',
    plan: (kit) => ({ notOnOrAfter: after(kit, 300).replace('Z', '') }),
    twin: (kit) => ({ notOnOrAfter: after(kit, 300).replace('Z', '+00:00') }),
  },
  {
    name: 'the 31st of February',
    code: 'saml_time',
    plan: () => ({ notOnOrAfter: '2031-02-31T00:00:00Z' }),
  },
  {
    name: 'an expired assertion',
    code: 'saml_expired',
    plan: (kit) => ({
      conditions: conditionsElement({ ...kit.plan, notOnOrAfter: after(kit, -121) }),
    }),
    twin: (kit) => ({
      conditions: conditionsElement({ ...kit.plan, notOnOrAfter: after(kit, -115) }),
    }),
  },
  {
    name: 'Conditions without an end',
    code: 'saml_time',
    stumbles: true,
    plan: (kit) => ({
      conditions: conditionsElement(kit.plan).replace(/ NotOnOrAfter="[^"]*"/, ''),
    }),
  },
  {
    name: 'an assertion of tomorrow',
    code: 'saml_not_yet_valid',
    plan: (kit) => ({ notBefore: after(kit, 125) }),
    twin: (kit) => ({ notBefore: after(kit, 110) }),
  },
  {
    name: 'an IssueInstant of tomorrow',
    code: 'saml_issue_instant',
    plan: (kit) => ({ issueInstant: after(kit, 125) }),
  },
  {
    name: 'an IssueInstant of an hour ago, on an assertion that lasts for ever',
    code: 'saml_issue_instant',
    plan: (kit) => ({ issueInstant: after(kit, -3600), notOnOrAfter: '9998-01-01T00:00:00Z' }),
    twin: (kit) => ({ issueInstant: after(kit, -300), notOnOrAfter: '9998-01-01T00:00:00Z' }),
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
    name: 'a session that has ended at the provider',
    code: 'saml_session_ended',
    plan: (kit) => ({
      authnStatement: authnStatementElement(kit.plan, ` SessionNotOnOrAfter="${after(kit, -121)}"`),
    }),
    twin: (kit) => ({
      authnStatement: authnStatementElement(kit.plan, ` SessionNotOnOrAfter="${after(kit, 600)}"`),
    }),
  },
  {
    name: 'an earlier sign-in where a new one was asked for',
    code: 'saml_authn_instant',
    profile: 'force',
    plan: (kit) => ({ authnInstant: after(kit, -3600) }),
  },
  {
    name: 'a sign-in in the future',
    code: 'saml_authn_instant',
    plan: (kit) => ({ authnInstant: after(kit, 600) }),
    twin: (kit) => ({ authnInstant: after(kit, -86_400) }),
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
]

const meaning = rows.map(({ name, code, plan, twin, profile }): AttackCase => ({
  family,
  name,
  code,
  ...(profile && { profile }),
  attack: (kit) => kit.seal(plan(kit)),
  ...(twin && { twin: (kit: Kit) => kit.seal(twin(kit)) }),
}))

/** The same where only the library can look inside before the signature is verified. */
const encryptedMeaning = rows.map(({ name, code, stumbles, plan, twin, profile }): AttackCase => ({
  family: 'meaning, encrypted',
  name,
  code,
  ...(stumbles && { flavours: ['assertion'] as const }),
  ...(profile && { profile }),
  attack: (kit) => kit.sealEncrypted(plan(kit)),
  twin: (kit: Kit) => (twin ? kit.sealEncrypted(twin(kit)) : kit.seal()),
}))

/** What a response says, and to whom. */
export const semantics: readonly AttackCase[] = [
  ...meaning,
  ...encryptedMeaning,
  {
    family,
    name: 'the unsigned InResponseTo stripped from around a signed assertion',
    code: 'saml_in_response_to',
    flavours: ['assertion'],
    attack: (kit) => kit.seal().replace(/(<samlp:Response[^>]*?) InResponseTo="[^"]*"/, '$1'),
  },
  {
    family,
    name: 'an unsolicited response',
    code: 'saml_unsolicited',
    attack: (kit) => {
      const xml = kit.seal(genuinePlan(kit.target, undefined))
      return kit.postFields({ SAMLResponse: toBase64(xml) })
    },
  },
  {
    family,
    name: 'an unsolicited response in place of an answer',
    code: 'saml_in_response_to',
    profile: 'idp-initiated',
    attack: (kit) => kit.seal(genuinePlan(kit.target, undefined)),
    twin: (kit) => {
      const xml = kit.seal(genuinePlan(kit.target, undefined))
      return kit.postFields({ SAMLResponse: toBase64(xml) })
    },
  },
  {
    family,
    name: 'an answer passed off as unsolicited',
    code: 'saml_in_response_to',
    profile: 'idp-initiated',
    attack: (kit) => kit.postFields({ SAMLResponse: toBase64(kit.seal()) }),
  },
  {
    family,
    name: 'an unsolicited response twice',
    code: 'saml_replay',
    profile: 'idp-initiated',
    attack: async (kit) => {
      const SAMLResponse = toBase64(kit.seal(genuinePlan(kit.target, undefined)))
      await kit.postFields({ SAMLResponse })
      return kit.postFields({ SAMLResponse })
    },
  },
  {
    family,
    name: 'a genuine response posted from another browser',
    code: 'saml_unsolicited',
    attack: async (kit) => {
      const other = await kit.target.begin()
      const fields = { SAMLResponse: toBase64(kit.seal()), RelayState: kit.started.relayState }
      return kit.postFields(fields, other.browser)
    },
  },
  {
    family,
    name: 'a genuine response posted by a browser without its cookie',
    code: 'saml_unsolicited',
    attack: (kit) => {
      const fields = { SAMLResponse: toBase64(kit.seal()), RelayState: kit.started.relayState }
      return kit.target.post(fields, undefined)
    },
  },
  {
    family,
    name: 'the answer to one sign-in of this browser given to another',
    code: 'saml_in_response_to',
    attack: async (kit) => {
      const mine = await kit.target.begin()
      const fields = { SAMLResponse: toBase64(kit.seal()), RelayState: mine.relayState }
      return kit.postFields(fields, mine.browser)
    },
  },
  {
    family,
    name: 'the same response again',
    code: 'saml_unsolicited',
    attack: async (kit) => {
      const xml = kit.seal()
      await kit.post(xml)
      return kit.post(xml)
    },
  },
  {
    family,
    name: 'the same assertion in answer to nothing, after it signed in once',
    code: 'saml_in_response_to',
    profile: 'idp-initiated',
    attack: async (kit) => {
      const xml = kit.seal()
      await kit.post(xml)
      return kit.post(xml)
    },
  },
]
