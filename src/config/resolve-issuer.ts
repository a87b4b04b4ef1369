import { resolve } from 'node:path'
import type { IssuerConfig, KeyConfig, SourceConfig } from './issuer-config.ts'
import type { IssuerSettings, SourceSettings } from './schema/issuers.ts'
import type { KeyPlaceSettings } from './schema/key-place.ts'

/** An issuer with nothing left open and every path absolute. `folder` is the configuration file's own. */
export function resolveIssuer(settings: IssuerSettings, folder: string): IssuerConfig {
  const { reuse, limit, region } = settings
  const common = { reuse, limit, region }
  if (settings.type === 'assume-role') {
    const { type, chained } = settings
    return { ...common, type, chained, source: sourceOf(settings.source, folder) }
  }
  if (settings.type === 'assume-role-with-saml') {
    const { signIn, identityProvider, type: samlType } = settings
    if (!identityProvider) {
      const assertions = { from: 'sign-in' as const, method: signIn ?? '' }
      return { ...common, type: samlType, assertions }
    }
    const { name, entityId } = identityProvider
    const keys = identityProvider.keys.map((place) => keyOf(place, folder))
    const assertions = { from: 'identity-provider' as const, name, entityId, keys }
    return { ...common, type: samlType, assertions }
  }
  if (settings.type === 'federation-token')
    return { ...common, type: settings.type, source: settings.source }
  const { type, trustAnchorArn, profileArn, authority, certificate, sendSessionName } = settings
  const key =
    authority === undefined
      ? {
          use: 'own' as const,
          place: keyOf({ ...settings, certificate: certificate ?? '' }, folder),
        }
      : { use: 'authority' as const, place: keyOf(authority, folder) }
  const { sessionPolicy, managedPolicyArns } = settings
  const profile = { sessionPolicy, managedPolicyArns }
  return { ...common, type, trustAnchorArn, profileArn, key, sendSessionName, ...profile }
}

function sourceOf(settings: SourceSettings, folder: string): SourceConfig {
  if (settings.type !== 'roles-anywhere') return settings
  const { type, trustAnchorArn, profileArn, region, roleArn } = settings
  return { type, trustAnchorArn, profileArn, region, roleArn, key: keyOf(settings, folder) }
}

/** Paths become absolute; a URI stays what it is. */
function keyOf(place: KeyPlaceSettings, folder: string): KeyConfig {
  const { certificate, privateKey, intermediates, passphrase, pkcs11Library } = place
  const found = (path: string): string =>
    path.startsWith('pkcs11:') ? path : resolve(folder, path)
  return {
    certificate: found(certificate),
    privateKey: privateKey === undefined ? undefined : found(privateKey),
    intermediates: intermediates === undefined ? undefined : found(intermediates),
    passphrase,
    pkcs11Library,
  }
}
