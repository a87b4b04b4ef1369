import { SignInFailed } from '../../errors.ts'
import { XmlFault, type XmlFaultKind } from './xml/xml-fault.ts'

/**
 * Every reason for which a SAML message is refused, and what whoever looks after the identity provider would check.
 * The code goes into log, trail and metrics; the browser sees one message for all.
 */
export const refusals = {
  saml_field:
    'SAMLResponse, SAMLRequest, RelayState or a signature field is missing, repeated or of the wrong type.',
  saml_too_large: 'The message is larger than this provider may send.',
  saml_encoding: 'The message is not base64, not DEFLATE or not UTF-8.',
  saml_xml_doctype: 'The message holds a document type declaration.',
  saml_xml_entity: 'The message uses an entity that nothing declares.',
  saml_xml_processing_instruction: 'The message holds a processing instruction.',
  saml_xml_comment: 'The message holds a comment.',
  saml_xml_cdata: 'The message holds a CDATA section.',
  saml_xml_too_deep: 'The message nests deeper than any provider does.',
  saml_xml_too_many: 'The message holds more elements or attributes than any provider sends.',
  saml_xml_namespace: 'A namespace is undeclared, relative or reserved.',
  saml_xml_malformed: 'The message is not well-formed XML.',
  saml_structure:
    'An element stands where the protocol has no place for it, or is missing or repeated.',
  saml_id: 'An ID is missing, malformed, given twice, or hidden in another attribute.',
  saml_version: 'The Version is not 2.0.',
  saml_signature_missing: 'What this provider must sign is not signed.',
  saml_signature_structure: 'A signature is not shaped as SAML has it (SAML core §5.4).',
  saml_signature_reference: 'A signature does not cover the element that it stands in.',
  saml_signature_algorithm:
    'The signature algorithm is not allowed. SHA-1 must be allowed for each provider.',
  saml_digest_algorithm:
    'The digest algorithm is not allowed. SHA-1 must be allowed for each provider.',
  saml_canonicalization_algorithm: 'Only exclusive canonicalisation without comments is allowed.',
  saml_transform: 'A transform other than the enveloped signature and exclusive canonicalisation.',
  saml_signature_invalid:
    'The signature does not verify with the certificates of the provider, or the assertion can not be decrypted.',
  saml_encryption_algorithm:
    'The assertion is encrypted otherwise than with AES-CBC or AES-GCM and a key for RSA-OAEP (MGF1 and SHA-1).',
  saml_encryption_unexpected: 'The assertion is encrypted, and no decryption key is configured.',
  saml_status: 'The provider did not report success.',
  saml_issuer: 'The issuer is not the entity ID of this provider.',
  saml_destination: 'The Destination is not our address.',
  saml_in_response_to: 'The response answers another request than the one this browser started.',
  saml_unsolicited:
    'There is no sign-in of this browser that waits for this, and this provider may not start one.',
  saml_assertion_missing: 'There is no assertion, or more than one.',
  saml_issue_instant:
    'The IssueInstant is missing, malformed, in the future or too long ago. Check both clocks.',
  saml_subject: 'The Subject is missing or repeated.',
  saml_name_id: 'There is not exactly one usable NameID.',
  saml_name_id_transient: 'The NameID changes each time, so it can not name a person.',
  saml_confirmation_method: 'No subject confirmation of the method bearer.',
  saml_confirmation_data: 'The SubjectConfirmationData is missing, repeated, or holds a NotBefore.',
  saml_confirmation_expired:
    'The subject confirmation has expired or has no end. Check both clocks.',
  saml_recipient: 'The Recipient is not our assertion consumer service.',
  saml_conditions: 'The Conditions are missing, repeated, or of a kind that is unknown.',
  saml_not_yet_valid: 'The assertion is not valid yet. Check both clocks.',
  saml_expired: 'The assertion has expired. Check both clocks.',
  saml_time: 'A time is not an xs:dateTime with a zone.',
  saml_audience: 'The assertion is for another audience than our entity ID.',
  saml_authn_statement: 'There is not exactly one AuthnStatement.',
  saml_authn_instant:
    'The person signed in before this sign-in was started, although ForceAuthn was asked for.',
  saml_authn_context: 'The person signed in by other means than asked for.',
  saml_session_ended: 'The session at the provider has already ended.',
  saml_attributes: 'An attribute has no name, or more values than any provider sends.',
  saml_person: 'The attribute that names the person is missing, empty or has several values.',
  saml_replay: 'The request or the assertion has been used before.',
} as const

export type SamlRefusalCode = keyof typeof refusals

const xmlCodes: Readonly<Record<XmlFaultKind, SamlRefusalCode>> = {
  'too-large': 'saml_too_large',
  'too-deep': 'saml_xml_too_deep',
  'too-many': 'saml_xml_too_many',
  encoding: 'saml_encoding',
  doctype: 'saml_xml_doctype',
  'processing-instruction': 'saml_xml_processing_instruction',
  comment: 'saml_xml_comment',
  cdata: 'saml_xml_cdata',
  entity: 'saml_xml_entity',
  namespace: 'saml_xml_namespace',
  malformed: 'saml_xml_malformed',
}

/** A SAML message that is refused. `refusal` says why, for log, trail and metrics; the message is the same for all. */
export class SamlRefusal extends SignInFailed {
  readonly refusal: SamlRefusalCode
  override readonly status: number

  constructor(refusal: SamlRefusalCode, found?: string, cause?: unknown) {
    super(
      'Your identity provider sent something that Postern does not accept. Start the sign-in again, and if that does not help, tell whoever looks after it, with the request ID.',
      { detail: [refusal, refusals[refusal], found].filter(Boolean).join(' '), cause },
    )
    this.refusal = refusal
    this.status = refusal === 'saml_too_large' ? 413 : 401
  }
}

/** Throws a SamlRefusal. `found` is for the log. */
export function refuse(refusal: SamlRefusalCode, found?: string): never {
  throw new SamlRefusal(refusal, found)
}

/** What to throw for whatever reading XML threw: a SamlRefusal for XML's faults, anything else as it is. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof XmlFault)) return error
  return new SamlRefusal(xmlCodes[error.kind], `Found: ${error.message}.`, error)
}
