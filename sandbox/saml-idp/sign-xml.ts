import { SignedXml } from 'xml-crypto'
import { ENVELOPED, EXCLUSIVE_C14N, RSA_SHA256, SHA256 } from '../saml/names.ts'
import type { SigningKey } from './signing-key.ts'

/** Puts an enveloped signature into an element of our own XML, behind its Issuer (SAML core §5.4). */
export function signXml(
  xml: string,
  element: 'Assertion' | 'Response' | 'LogoutRequest' | 'LogoutResponse',
  { privateKey, certificate }: SigningKey,
): string {
  const xpath = `//*[local-name(.)='${element}']`
  const signer = new SignedXml({
    privateKey,
    publicCert: certificate,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE_C14N,
  })
  const transforms = [ENVELOPED, EXCLUSIVE_C14N]
  signer.addReference({ xpath, transforms, digestAlgorithm: SHA256 })
  const reference = `${xpath}/*[local-name(.)='Issuer']`
  signer.computeSignature(xml, { prefix: 'ds', location: { reference, action: 'after' } })
  return signer.getSignedXml()
}
