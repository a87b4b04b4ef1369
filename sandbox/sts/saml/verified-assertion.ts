import { attribute, children, isElement, onlyChild, textOf } from '../../saml/elements.ts'
import type { IdentityProviderMetadata } from '../../saml/identity-provider-metadata.ts'
import { ASSERTION, PROTOCOL, SUCCESS } from '../../saml/names.ts'
import { parseXml, XmlFault } from '../../saml/parse-xml.ts'
import { SignatureFault, signedCopy, type SignedCopy } from '../../saml/signed-copy.ts'
import { invalidSamlResponse } from './refusals.ts'
import { readAssertion, type SamlAssertion } from './saml-assertion.ts'

/** Who may have signed, and the request to name in a refusal. */
interface Expectation {
  readonly provider: IdentityProviderMetadata
  readonly sha1: boolean
  readonly requestId: string
}

/**
 * The one assertion of a response that the provider signed: the assertion, the response around it, or both. Only what
 * a signature covers is read, Status aside, which can but refuse. Throws InvalidIdentityToken.
 */
export function verifiedAssertion(xml: string, expected: Expectation): SamlAssertion {
  const refuse = (message: string): Error => invalidSamlResponse(message, expected.requestId)
  try {
    const response = parseXml(xml)
    if (!isElement(response, PROTOCOL, 'Response')) throw new XmlFault('no Response')
    checkStatus(response)
    if (children(response, ASSERTION, 'EncryptedAssertion').length > 0) {
      throw new XmlFault('an encrypted assertion, which nobody here has the key for')
    }
    if (!issuersOf(response).every((issuer) => issuer === expected.provider.entityId)) {
      throw refuse('Issuer not present in specified provider')
    }
    return readAssertion(signedAssertion({ xml, element: response }, expected))
  } catch (error) {
    if (error instanceof SignatureFault) throw refuse('Response signature invalid')
    // AWS documents these words for any response that it can't read.
    if (error instanceof XmlFault) throw refuse('Invalid SAMLResponse')
    throw error
  }
}

function signedAssertion(unverified: SignedCopy, { provider, sha1 }: Expectation): Element {
  const trust = { keys: provider.keys, sha1 }
  const response = signedCopy(unverified.xml, unverified.element, trust)
  const around = response ?? unverified
  const assertion = onlyAssertion(around.element)
  const copy = signedCopy(around.xml, assertion, trust)
  if (copy === undefined && response === undefined) throw new SignatureFault('nothing is signed')
  const signed = copy?.element ?? assertion
  if (issuerOf(signed) !== provider.entityId) throw new SignatureFault('the issuer')
  return signed
}

function onlyAssertion(response: Element): Element {
  const assertion = onlyChild(response, ASSERTION, 'Assertion')
  if (assertion === undefined) throw new XmlFault('no Assertion')
  if (attribute(assertion, 'Version') !== '2.0') throw new XmlFault('Version')
  return assertion
}

function issuersOf(response: Element): string[] {
  const issuers = [issuerOf(onlyAssertion(response)), issuerOf(response)]
  return issuers.filter((issuer) => issuer !== undefined)
}

function issuerOf(element: Element): string | undefined {
  const issuer = onlyChild(element, ASSERTION, 'Issuer')
  return issuer && textOf(issuer)
}

function checkStatus(response: Element): void {
  const status = onlyChild(response, PROTOCOL, 'Status')
  const code = status && onlyChild(status, PROTOCOL, 'StatusCode')
  if (code === undefined || attribute(code, 'Value') !== SUCCESS) throw new XmlFault('Status')
}
