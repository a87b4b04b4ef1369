import { escapeMarkup } from '../http/html.ts'
import { METADATA, POST_BINDING, PROTOCOL, REDIRECT_BINDING, SIGNATURE } from '../saml/names.ts'
import { NAME_ID_FORMATS } from './name-id.ts'

/** The identity provider's metadata (SAML metadata §2.4.3). */
export function idpMetadata(origin: string, certificate: string): string {
  const at = (path: string): string => escapeMarkup(`${origin}${path}`)
  const endpoints = (name: string, path: string): string =>
    [REDIRECT_BINDING, POST_BINDING]
      .map((binding) => `<md:${name} Binding="${binding}" Location="${at(path)}"/>`)
      .join('\n')
  const formats = NAME_ID_FORMATS.map((format) => `<md:NameIDFormat>${format}</md:NameIDFormat>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${METADATA}" entityID="${at('/metadata')}">
<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="${PROTOCOL}">
<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${SIGNATURE}"><ds:X509Data><ds:X509Certificate>${bare(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
${endpoints('SingleLogoutService', '/slo')}
${formats.join('\n')}
${endpoints('SingleSignOnService', '/sso')}
</md:IDPSSODescriptor>
</md:EntityDescriptor>
`
}

function bare(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '')
}
