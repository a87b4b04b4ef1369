import type { Expectation } from './expectation.ts'
import { requireInstant } from './saml-instant.ts'
import { assertionNs, bearer } from './saml-names.ts'
import { refuse, SamlRefusal } from './saml-refusal.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/** A NameID with what belongs to it (SAML core §2.2.2). */
export interface NameId {
  readonly value: string
  readonly format: string | undefined
  readonly nameQualifier: string | undefined
  readonly spNameQualifier: string | undefined
}

/**
 * Checks the Subject (SAML profiles §4.1.4.2, §4.1.4.3): exactly one NameID, and a bearer confirmation that is meant for
 * us, answers our request and has not expired. Returns the NameID and when the confirmation ends.
 */
export function checkSubject(
  assertion: XmlElement,
  expected: Expectation,
): { nameId: NameId; confirmedUntil: number } {
  const [subject, ...others] = childrenOf(assertion, assertionNs, 'Subject')
  if (!subject || others.length > 0) refuse('saml_subject')
  const nameId = readNameId(subject)
  const confirmations = childrenOf(subject, assertionNs, 'SubjectConfirmation').filter(
    (confirmation) => attributeOf(confirmation, 'Method') === bearer,
  )
  let first: SamlRefusal | undefined
  for (const confirmation of confirmations) {
    try {
      return { nameId, confirmedUntil: checkConfirmation(confirmation, expected) }
    } catch (error) {
      if (!(error instanceof SamlRefusal)) throw error
      first ??= error
    }
  }
  throw first ?? new SamlRefusal('saml_confirmation_method')
}

/** The one NameID of a Subject or LogoutRequest. */
export function readNameId(holder: XmlElement): NameId {
  const others = ['BaseID', 'EncryptedID'].flatMap((name) => childrenOf(holder, assertionNs, name))
  const [element, ...more] = childrenOf(holder, assertionNs, 'NameID')
  if (!element || more.length > 0 || others.length > 0 || element.children.length > 0)
    refuse('saml_name_id', 'Found: none, several, or an encrypted one.')
  const value = element.text
  if (value === '' || value !== value.trim() || value.length > 1024)
    refuse('saml_name_id', 'Found: an empty or padded one.')
  return {
    value,
    format: attributeOf(element, 'Format'),
    nameQualifier: attributeOf(element, 'NameQualifier'),
    spNameQualifier: attributeOf(element, 'SPNameQualifier'),
  }
}

function checkConfirmation(confirmation: XmlElement, expected: Expectation): number {
  const [data, ...others] = childrenOf(confirmation, assertionNs, 'SubjectConfirmationData')
  if (!data || others.length > 0 || attributeOf(data, 'NotBefore') !== undefined)
    refuse('saml_confirmation_data')
  if (attributeOf(data, 'Recipient') !== expected.recipient)
    refuse('saml_recipient', `Found: ${attributeOf(data, 'Recipient')?.slice(0, 256) ?? 'none'}.`)
  if (attributeOf(data, 'InResponseTo') !== expected.requestId)
    refuse('saml_in_response_to', 'Found on: SubjectConfirmationData.')
  const until = attributeOf(data, 'NotOnOrAfter')
  if (until === undefined) refuse('saml_confirmation_expired', 'Found: no NotOnOrAfter.')
  const end = requireInstant(until, 'NotOnOrAfter')
  if (end <= expected.now - expected.skew) refuse('saml_confirmation_expired')
  return end
}
