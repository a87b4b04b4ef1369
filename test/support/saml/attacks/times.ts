import {
  authnStatementElement,
  conditionsElement,
  confirmationDataElement,
} from '../saml-response.ts'
import { after, meaningAttacks, withData } from './meaning.ts'

/** What has ended, has not begun or has no bounds. */
export const times = meaningAttacks([
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
])
