import type { TestKey } from './self-signed.ts'

/** What the metadata of a made-up provider says. */
export interface MetadataPlan {
  readonly entityId?: string
  readonly keys?: readonly { readonly key: Pick<TestKey, 'certificate'>; readonly use?: string }[]
  readonly signIn?: string
  readonly logout?: string
  readonly attributes?: string
  readonly extra?: string
}

function base64Of(certificate: string): string {
  return certificate.replace(/-----[^-]+-----|\s/g, '')
}

const redirect = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

export function service(name: string, binding: string, location: string): string {
  const uri = { redirect, post }[binding] ?? binding
  return `<md:${name} Binding="${uri}" Location="${location}"/>`
}

export function entityXml(plan: MetadataPlan = {}): string {
  const keys = (plan.keys ?? []).map(
    ({ key, use }) =>
      `<md:KeyDescriptor${use === undefined ? '' : ` use="${use}"`}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` +
      `${base64Of(key.certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  return (
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"' +
    ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"' +
    ` entityID="${plan.entityId ?? 'https://idp.example/entity'}"${plan.attributes ?? ''}>` +
    '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">' +
    keys.join('') +
    (plan.logout ?? service('SingleLogoutService', 'redirect', 'https://idp.example/slo')) +
    (plan.signIn ??
      service('SingleSignOnService', 'post', 'https://idp.example/sso/post') +
        service('SingleSignOnService', 'redirect', 'https://idp.example/sso')) +
    `</md:IDPSSODescriptor>${plan.extra ?? ''}</md:EntityDescriptor>`
  )
}
