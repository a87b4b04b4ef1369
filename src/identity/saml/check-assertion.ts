import { type AuthnStatement, checkAuthnStatement } from './check-authn-statement.ts'
import { checkConditions } from './check-conditions.ts'
import { checkIssuer } from './check-issuer.ts'
import { checkIssueInstant, checkVersion } from './check-message-head.ts'
import { checkSubject, type NameId } from './check-subject.ts'
import type { Expectation } from './expectation.ts'
import { checkChildren } from './message-shape.ts'
import { readAttributes } from './read-attributes.ts'
import { assertionNs, signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, isElement, type XmlElement } from './xml/xml-element.ts'

/** What an assertion says, once it may be believed. */
export interface Assertion {
  readonly id: string
  readonly nameId: NameId
  readonly authn: AuthnStatement
  readonly attributes: ReadonlyMap<string, readonly string[]>
  /** Milliseconds since the epoch from when on we would refuse it anyway, clock skew included. */
  readonly acceptableUntil: number
  /** IssueInstant, milliseconds since the epoch. */
  readonly issuedAt: number
}

/** Checks everything that an assertion must say to sign somebody in here and now, and returns it. Throws SamlRefusal. */
export function checkAssertion(assertion: XmlElement, expected: Expectation): Assertion {
  if (!isElement(assertion, assertionNs, 'Assertion')) refuse('saml_assertion_missing')
  checkChildren(assertion, [
    { namespace: assertionNs, localName: 'Issuer' },
    { namespace: signatureNs, localName: 'Signature' },
    { namespace: assertionNs, localName: 'Subject', many: true },
    { namespace: assertionNs, localName: 'Conditions', many: true },
    { namespace: assertionNs, localName: 'AuthnStatement', many: true },
    { namespace: assertionNs, localName: 'AttributeStatement', many: true },
    { namespace: assertionNs, localName: 'AuthnStatement', many: true },
  ])
  const id = attributeOf(assertion, 'ID')
  if (id === undefined) refuse('saml_id', 'Found: none on Assertion.')
  checkVersion(assertion)
  const issued = checkIssueInstant(assertion, expected)
  checkIssuer(assertion, expected.issuer)
  const { nameId, confirmedUntil } = checkSubject(assertion, expected)
  const validUntil = checkConditions(assertion, expected)
  const authn = checkAuthnStatement(assertion, expected)
  const end = Math.min(confirmedUntil, validUntil, issued + expected.maxAge)
  return {
    id,
    nameId,
    authn,
    attributes: readAttributes(assertion),
    acceptableUntil: end + expected.skew,
    issuedAt: issued,
  }
}
