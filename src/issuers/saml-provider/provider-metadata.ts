import {
  metadataNs,
  protocolNs,
  redirectBinding,
  signatureNs,
} from '../../identity/saml/saml-names.ts'
import { escapeXml } from '../../identity/saml/xml/xml-characters.ts'

export interface ProviderMetadata {
  readonly entityId: string
  /** Where a sign-in starts: the roles page. */
  readonly signInUrl: string
  /** DER. During a rotation the coming key's is among them, and later the former key's. */
  readonly certificates: readonly Buffer[]
}

/**
 * The metadata of Postern as an identity provider, to upload for a SAML provider in IAM (SAML metadata §2.4.3). IAM keeps
 * a copy and never fetches it again, so that no end stands in it.
 */
export function providerMetadata({ entityId, signInUrl, certificates }: ProviderMetadata): string {
  const keys = certificates.map(
    (der) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${der.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<md:EntityDescriptor xmlns:md="${metadataNs}" xmlns:ds="${signatureNs}" entityID="${escapeXml(entityId)}">`,
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="${protocolNs}">`,
    ...keys,
    '<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>',
    `<md:SingleSignOnService Binding="${redirectBinding}" Location="${escapeXml(signInUrl)}"/>`,
    '</md:IDPSSODescriptor>',
    '</md:EntityDescriptor>',
  ]
  return `${lines.join('\n')}\n`
}
