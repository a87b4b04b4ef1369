// passport-saml hands node-saml on whole: its SAML class is the strategy without the web framework.
import { SAML, type SamlConfig, ValidateInResponseTo } from '@node-saml/passport-saml'
import type { IdentityProvider } from './identity-provider.ts'
import type { SamlSettings } from './saml-settings.ts'

/** What differs from message to message. */
export interface LibraryUse {
  readonly wantResponseSigned: boolean
  readonly wantAssertionSigned: boolean
  readonly decryptionKey?: string | undefined
  /** The one certificate that is known to have signed; all of the provider's are tried one after the other otherwise. */
  readonly certificate?: string | undefined
  /** Leave audience and times to us, who have a code for each. For what we can't read before the library does. */
  readonly signatureOnly?: boolean
}

/** The library's options for one provider, where its own defaults are unsafe or refused by real providers. */
export function libraryOptions(
  settings: SamlSettings,
  provider: IdentityProvider,
  use: LibraryUse,
): SamlConfig {
  return {
    issuer: settings.spEntityId,
    callbackUrl: settings.acsUrl,
    idpCert: use.certificate ?? [...provider.certificates],
    idpIssuer: provider.entityId,
    audience: use.signatureOnly ? false : settings.spEntityId,
    wantAuthnResponseSigned: use.wantResponseSigned,
    wantAssertionsSigned: use.wantAssertionSigned,
    // The library looks an ID up and removes it later, so ten at once all pass. Ours are claimed by one insert.
    validateInResponseTo: ValidateInResponseTo.never,
    cacheProvider: nothingCached,
    acceptedClockSkewMs: use.signatureOnly ? -1 : settings.clockSkewSeconds * 1000,
    maxAssertionAgeMs: settings.maxAgeSeconds * 1000,
    // Unset, the library asks for a password and an e-mail address, which Entra and ADFS refuse to many.
    disableRequestedAuthnContext: settings.authnContexts.length === 0,
    authnContext: [...settings.authnContexts],
    identifierFormat: settings.nameIdFormat ?? null,
    // The library's default is SHA-1.
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    ...(use.decryptionKey !== undefined && { decryptionPvk: use.decryptionKey }),
  }
}

const nothingCached = {
  saveAsync: () => Promise.resolve(null),
  getAsync: () => Promise.resolve(null),
  removeAsync: () => Promise.resolve(null),
}

/** The library, set up for one provider; built once per combination of what must be signed and of the key. */
export class SamlLibrary {
  readonly #settings: SamlSettings
  readonly #provider: IdentityProvider
  readonly #instances = new Map<string, SAML>()

  constructor(settings: SamlSettings, provider: IdentityProvider) {
    this.#settings = settings
    this.#provider = provider
  }

  /**
   * Verifies every signature that `use` wants, decrypts, and returns the assertion as canonical XML, made from the very
   * bytes that were verified; undefined when there is none. Rejects with whatever the library throws.
   */
  async verifiedAssertion(response: string, use: LibraryUse): Promise<string | undefined> {
    const SAMLResponse = Buffer.from(response, 'utf8').toString('base64')
    const { profile } = await this.#instance(use).validatePostResponseAsync({ SAMLResponse })
    return profile?.getAssertionXml?.()
  }

  #instance(use: LibraryUse): SAML {
    const key = JSON.stringify([
      use.wantResponseSigned,
      use.wantAssertionSigned,
      use.signatureOnly,
      use.decryptionKey,
      use.certificate,
    ])
    let instance = this.#instances.get(key)
    if (!instance) {
      instance = new SAML(libraryOptions(this.#settings, this.#provider, use))
      this.#instances.set(key, instance)
    }
    return instance
  }
}
