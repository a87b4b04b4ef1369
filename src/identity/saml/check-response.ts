import { checkMessageHead } from './check-message-head.ts'
import { checkStatus } from './check-status.ts'
import type { Expectation } from './expectation.ts'
import { checkChildren } from './message-shape.ts'
import { assertionNs, protocolNs, signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, isElement, type XmlElement } from './xml/xml-element.ts'

/** The one assertion of a response, as it stands in it. */
export interface ResponseParts {
  readonly signature: XmlElement | undefined
  readonly assertion: XmlElement
  readonly encrypted: boolean
}

/** The parts of a Response (SAML core §3.3.3): exactly one assertion, plain or encrypted. Throws SamlRefusal. */
export function partsOf(root: XmlElement): ResponseParts {
  if (!isElement(root, protocolNs, 'Response'))
    refuse('saml_structure', `Found: ${root.localName} instead of a Response.`)
  checkChildren(root, [
    { namespace: assertionNs, localName: 'Issuer' },
    { namespace: signatureNs, localName: 'Signature' },
    { namespace: protocolNs, localName: 'Status' },
    { namespace: assertionNs, localName: 'Assertion', many: true },
    { namespace: assertionNs, localName: 'EncryptedAssertion', many: true },
  ])
  // Before the assertion is missed, since a refusal by the provider has none.
  checkStatus(root)
  const [signature] = childrenOf(root, signatureNs, 'Signature')
  const plain = childrenOf(root, assertionNs, 'Assertion')
  const encrypted = childrenOf(root, assertionNs, 'EncryptedAssertion')
  const [assertion, ...others] = [...plain, ...encrypted]
  if (!assertion || others.length > 0) refuse('saml_assertion_missing')
  return { signature, assertion, encrypted: plain.length === 0 }
}

/**
 * Checks the response around the assertion. These values are worth something only where the response is signed, so they
 * serve to refuse and for nothing else.
 */
export function checkResponse(root: XmlElement, expected: Expectation): void {
  checkMessageHead(root, { ...expected, destination: expected.recipient }, true)
  if (attributeOf(root, 'InResponseTo') !== expected.requestId)
    refuse('saml_in_response_to', 'Found on: Response.')
}
