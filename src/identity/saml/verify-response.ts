import { type Assertion, checkAssertion } from './check-assertion.ts'
import { checkResponse, partsOf, type ResponseParts } from './check-response.ts'
import { decryptAssertion } from './decrypt-assertion.ts'
import { checkEncryptionShape } from './encryption-shape.ts'
import type { Expectation } from './expectation.ts'
import { checkMessageShape } from './message-shape.ts'
import type { LibraryUse, SamlLibrary } from './saml-library.ts'
import { signatureNs } from './saml-names.ts'
import { asRefusal, refuse, SamlRefusal } from './saml-refusal.ts'
import type { SamlSettings } from './saml-settings.ts'
import { checkInnerSignature, standsAlone } from './check-inner-signature.ts'
import { checkSignatureValue } from './check-signature-value.ts'
import { checkSignatureShape } from './signature-shape.ts'
import { verifyEnveloped } from './verify-enveloped.ts'
import { readXml } from './xml/read-xml.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/** With what a response is verified. */
export interface Verifier {
  readonly settings: SamlSettings
  readonly certificates: readonly string[]
  readonly library: SamlLibrary
}

/**
 * Verifies a response and returns what its assertion says. Everything that can be refused without a signature is refused
 * first, because it is cheap; then the library verifies and decrypts; and then the same checks run again on the bytes
 * that it verified, from which alone anything is returned. Throws SamlRefusal.
 */
export async function verifyResponse(
  text: string,
  expected: Expectation,
  verifier: Verifier,
): Promise<Assertion> {
  try {
    const root = readXml(text)
    checkMessageShape(root)
    const parts = partsOf(root)
    if (parts.signature)
      checkSignatureShape(parts.signature, attributeOf(root, 'ID'), verifier.settings)
    checkResponse(root, expected)
    const signer =
      parts.signature && checkSignatureValue(text, parts.signature, verifier.certificates)
    if (!parts.encrypted) return await acceptPlain(text, parts, expected, signer, verifier)
    const verified = await verifyEncrypted(text, parts, expected, verifier)
    return acceptDecrypted(verified, parts, expected, verifier)
  } catch (error) {
    throw asRefusal(error)
  }
}

async function acceptPlain(
  text: string,
  { signature, assertion }: ResponseParts,
  expected: Expectation,
  outerSigner: string | undefined,
  { settings, certificates, library }: Verifier,
): Promise<Assertion> {
  const inner = precheck(assertion, expected, settings)
  requireSigned(signature !== undefined, inner !== undefined, settings)
  const innerSigner = inner && checkSignatureValue(text, inner, certificates)
  const accept = async (use: Omit<LibraryUse, 'wantResponseSigned'>) => {
    const wantResponseSigned = signature !== undefined
    const verified = await verifyWith(library, text, { wantResponseSigned, ...use })
    const read = readVerified(verified, expected)
    if (read.accepted.id !== attributeOf(assertion, 'ID')) refuse('saml_signature_reference')
    return { verified, ...read }
  }
  if (!signature)
    return (await accept({ wantAssertionSigned: true, certificate: innerSigner })).accepted
  if (inner && !standsAlone(inner)) return (await accept({ wantAssertionSigned: true })).accepted
  const { verified, root, accepted } = await accept({
    wantAssertionSigned: false,
    certificate: outerSigner,
  })
  if (inner) checkInnerSignature(verified, root, certificates, settings)
  return accepted
}

async function verifyEncrypted(
  text: string,
  { signature, assertion }: ResponseParts,
  expected: Expectation,
  { settings, library }: Verifier,
): Promise<string> {
  const keys = settings.keys.decryption.map(({ privateKey }) => privateKey)
  if (keys.length === 0) refuse('saml_encryption_unexpected')
  checkEncryptionShape(assertion)
  if (signature) {
    // The library verifies the response before it decrypts, so what is inside comes from the provider.
    let refusal: unknown
    for (const decryptionKey of keys) {
      try {
        return await verifyWith(library, text, {
          wantResponseSigned: true,
          wantAssertionSigned: false,
          signatureOnly: true,
          decryptionKey,
        })
      } catch (error) {
        refusal = error
      }
    }
    throw refusal
  }
  // Anyone can encrypt for us: what is inside is checked as if it had come in the open.
  const decrypted = decryptAssertion(text, keys)
  if (!decrypted) refuse('saml_signature_invalid', 'Found: nothing that decrypts.')
  const inner = precheck(readDecrypted(decrypted.text), expected, settings)
  requireSigned(false, inner !== undefined, settings)
  return verifyWith(library, text, {
    wantResponseSigned: false,
    wantAssertionSigned: true,
    decryptionKey: decrypted.key,
  })
}

/** A bit flipped in a ciphertext gives broken XML, and must look like any other broken signature. */
function readDecrypted(text: string): XmlElement {
  try {
    const assertion = readXml(text)
    checkMessageShape(assertion)
    return assertion
  } catch (error) {
    throw new SamlRefusal('saml_signature_invalid', 'Found: broken XML after decryption.', error)
  }
}

/** Checks an assertion that nothing vouches for yet; returns its signature, if it has one. */
function precheck(
  assertion: XmlElement,
  expected: Expectation,
  settings: SamlSettings,
): XmlElement | undefined {
  const [signature] = childrenOf(assertion, signatureNs, 'Signature')
  if (signature) checkSignatureShape(signature, attributeOf(assertion, 'ID'), settings)
  checkAssertion(assertion, expected)
  return signature
}

function requireSigned(response: boolean, assertion: boolean, { signed }: SamlSettings): void {
  const enough = {
    either: response || assertion,
    response,
    assertion,
    both: response && assertion,
  }[signed]
  if (!enough) refuse('saml_signature_missing', `Expected: ${signed}.`)
}

async function verifyWith(library: SamlLibrary, text: string, use: LibraryUse): Promise<string> {
  let verified: string | undefined
  try {
    verified = await library.verifiedAssertion(text, use)
  } catch (error) {
    const found = error instanceof Error ? `Found: ${error.message}.` : undefined
    throw new SamlRefusal('saml_signature_invalid', found, error)
  }
  return verified ?? refuse('saml_signature_invalid')
}

/** Reads and checks the assertion anew, from the bytes that were verified and nothing else. */
function readVerified(
  verified: string,
  expected: Expectation,
): { root: XmlElement; accepted: Assertion } {
  const root = readXml(verified)
  checkMessageShape(root)
  return { root, accepted: checkAssertion(root, expected) }
}

function acceptDecrypted(
  verified: string,
  parts: ResponseParts,
  expected: Expectation,
  { settings, certificates }: Verifier,
): Assertion {
  const { root, accepted } = readVerified(verified, expected)
  // The library stops at the signature of the response; one inside must hold too.
  const signatures = childrenOf(root, signatureNs, 'Signature')
  const isSigned = signatures.length > 0
  if (parts.signature) requireSigned(true, isSigned, settings)
  if (!isSigned) return accepted
  if (parts.signature && signatures.every(standsAlone)) {
    checkInnerSignature(verified, root, certificates, settings)
    return accepted
  }
  return checkAssertion(verifyEnveloped(verified, root, certificates, settings), expected)
}
