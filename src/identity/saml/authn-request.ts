import { SAML } from '@node-saml/passport-saml'
import type { IdentityProvider, SamlEndpoint } from './identity-provider.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { libraryOptions } from './saml-library.ts'
import type { SamlSettings } from './saml-settings.ts'

/** What one AuthnRequest is made of. */
export interface AuthnRequestOrder {
  readonly requestId: string
  readonly relayState: string
  readonly forceAuthn: boolean
  readonly endpoint: SamlEndpoint
}

/**
 * An AuthnRequest (SAML core §3.4.1) for the browser to carry, signed with SHA-256 where we have a key. By POST it isn't
 * compressed, which the library would do and the binding forbids (SAML bindings §3.5.4).
 */
export async function buildAuthnRequest(
  settings: SamlSettings,
  provider: IdentityProvider,
  { requestId, relayState, forceAuthn, endpoint }: AuthnRequestOrder,
): Promise<OutgoingMessage> {
  const [key] = settings.keys.signing
  const options = {
    ...libraryOptions(settings, provider, { wantResponseSigned: false, wantAssertionSigned: true }),
    entryPoint: endpoint.location,
    forceAuthn,
    generateUniqueId: () => requestId,
    skipRequestCompression: endpoint.binding === 'post',
    ...(key && { privateKey: key.privateKey, publicCert: key.certificate }),
  }
  const library = new SAML(options)
  if (endpoint.binding === 'redirect')
    return {
      binding: 'redirect',
      url: await library.getAuthorizeUrlAsync(relayState, undefined, {}),
    }
  const fields = await library.getAuthorizeMessageAsync(relayState)
  return {
    binding: 'post',
    url: endpoint.location,
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, String(value)]),
    ),
  }
}
