import { dirname, join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { SamlMethodConfig } from '../config/saml-method-config.ts'
import type { Effects } from '../effects.ts'
import type { ClaimStore } from '../identity/claim-store.ts'
import { createMetadataSource, type MetadataSettings } from '../identity/saml/metadata-source.ts'
import { samlCertificates, type SamlCertificate } from '../identity/saml/saml-certificates.ts'
import type { SamlMethod } from '../identity/saml/saml-method.ts'
import { samlPresets } from '../identity/saml/saml-presets.ts'
import { createSamlServiceProvider } from '../identity/saml/saml-service-provider.ts'
import {
  type SamlAttributeNames,
  samlDefaults,
  type SamlSettings,
} from '../identity/saml/saml-settings.ts'
import type { SignInStateStore } from '../identity/sign-in-state-store.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { ReadinessCheck } from '../web/dependencies.ts'

/** Every SAML method of a configuration, with its metadata kept fresh. */
export interface ComposedSaml {
  readonly methods: readonly SamlMethod[]
  readonly checks: readonly ReadinessCheck[]
  readonly certificates: () => readonly SamlCertificate[]
  close(): void
}

export interface SamlParts {
  readonly claims: ClaimStore
  readonly states: SignInStateStore
  readonly effects: Effects
  readonly logger: Logger
}

/** Reads the metadata of all providers at once. A provider that can't be reached closes its own method and nothing else. */
export async function composeSaml(config: Config, parts: SamlParts): Promise<ComposedSaml> {
  const { claims, states, effects, logger } = parts
  const configured = config.signIn.filter((method) => method.type === 'saml')
  const composed = await Promise.all(
    configured.map(async (method) => {
      const settings = samlSettingsOf(method, config.publicUrl)
      const source = createMetadataSource(metadataSettingsOf(method, config), effects, logger)
      await source.load().catch((error: unknown) => {
        logger.error({ err: error, method: method.id }, 'nobody can sign in by this method yet')
      })
      source.start()
      const { current } = source
      const serviceProvider = createSamlServiceProvider({
        settings,
        identityProvider: current,
        claims,
        states,
        effects,
      })
      return { method, settings, source, serviceProvider }
    }),
  )
  const providerOf = ({ source }: (typeof composed)[number]) => {
    try {
      return source.current()
    } catch {
      return undefined
    }
  }
  return {
    methods: composed.map((each) => {
      const { id, label, people, maxSize, requestLifetime, logout } = each.method
      return {
        id,
        label,
        people,
        serviceProvider: each.serviceProvider,
        maxBytes: maxSize,
        requestLifetimeSeconds: requestLifetime,
        signsOutThere: logout,
        provider: () => providerOf(each),
      }
    }),
    checks: composed.map(({ method, source }) => ({
      name: `SAML metadata of ${method.id}`,
      // Where there are other ways in, most of Postern works.
      vital: config.signIn.length === 1,
      check: () => {
        const fault = source.fault()
        return fault === undefined ? Promise.resolve() : Promise.reject(new Error(fault))
      },
    })),
    certificates: () =>
      composed.flatMap((each) => samlCertificates(each.settings, providerOf(each))),
    close() {
      for (const { source } of composed) source.close()
    },
  }
}

/** What the configuration, the preset and the defaults say of one method, in this order. */
export function samlSettingsOf(method: SamlMethodConfig, publicUrl: string): SamlSettings {
  const preset = method.preset === undefined ? {} : samlPresets[method.preset]
  const own = `${publicUrl}/saml/${method.id}`
  const keyOf = ({ certificate, key }: SamlMethodConfig['signing'][number]) => ({
    certificate,
    privateKey: key.reveal(),
  })
  return {
    method: method.id,
    spEntityId: method.entityId ?? `${own}/metadata`,
    acsUrl: `${own}/acs`,
    logoutUrl: `${own}/logout`,
    keys: {
      signing: method.signing.map(keyOf),
      decryption: method.decryption.map(keyOf),
      alsoPublish: method.announced,
    },
    requestBinding: method.requestBinding,
    forceAuthn: method.forceAuthn,
    nameIdFormat: method.nameIdFormat ?? preset.nameIdFormat ?? samlDefaults.nameIdFormat,
    authnContexts: method.authnContexts,
    signed: method.signed ?? preset.signed ?? samlDefaults.signed,
    allowSha1: method.allowSha1,
    maxBytes: method.maxSize,
    clockSkewSeconds: method.clockSkew,
    maxAgeSeconds: method.maxAge,
    requestLifetimeSeconds: method.requestLifetime,
    idpInitiated: method.idpInitiated,
    attributes: attributesOf(method, preset.attributes ?? samlDefaults.attributes),
  }
}

function attributesOf(
  { attributes: own }: SamlMethodConfig,
  preset: SamlAttributeNames,
): SamlAttributeNames {
  return {
    id: own.id ?? preset.id,
    name: own.name ?? preset.name,
    displayName: own.displayName ?? preset.displayName,
    email: own.email ?? preset.email,
    groups: own.groups ?? preset.groups,
    awsRoles: own.awsRoles ?? preset.awsRoles,
    session: { ...preset.session, ...own.session },
  }
}

/** Where the metadata of one method is. The last good copy stands beside the database. */
export function metadataSettingsOf(
  { id, metadata, providerEntityId }: SamlMethodConfig,
  { state }: Pick<Config, 'state'>,
): MetadataSettings {
  const database = state.slice('sqlite:'.length)
  return {
    location: metadata.location,
    entityId: providerEntityId,
    signedBy: metadata.signedBy === undefined ? [] : [metadata.signedBy],
    fingerprints: metadata.fingerprints,
    copy: join(dirname(database), `saml-${id}-metadata.xml`),
    refreshSeconds: metadata.refreshSeconds,
    allowPrivateAddresses: metadata.allowPrivateAddresses,
  }
}
