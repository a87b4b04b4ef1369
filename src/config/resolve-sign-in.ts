import { resolve } from 'node:path'
import type { Grant } from '../entitlements/catalogue.ts'
import type { LocalMethodConfig, SignInMethodConfig } from './config.ts'
import { certificateMethodOf } from './resolve-certificate.ts'
import { activeDirectoryOf, ldapOf } from './resolve-directory.ts'
import { kerberosOf } from './resolve-kerberos.ts'
import { resolveRole, type RoleFallbacks } from './resolve-role.ts'
import type { SamlMethodConfig } from './saml-method-config.ts'
import type { DocumentSettings } from './schema/document.ts'

type Method = DocumentSettings['signIn'][number]
type LocalMethod = Extract<Method, { type: 'local' }>
type SamlMethod = Extract<Method, { type: 'saml' }>

/** A sign-in method with its defaults. Relative paths start at `folder`. */
export function resolveMethod(method: Method, folder: string): SignInMethodConfig {
  switch (method.type) {
    case 'local':
      return localOf(method)
    case 'saml':
      return samlOf(method, folder)
    case 'active-directory':
      return activeDirectoryOf(method)
    case 'ldap':
      return ldapOf(method)
    case 'kerberos':
      return kerberosOf(method, folder)
    case 'client-certificate':
      return certificateMethodOf(method, folder)
  }
}

function localOf(method: LocalMethod): LocalMethodConfig {
  return {
    type: method.type,
    id: method.id,
    label: method.label ?? 'Name and password',
    people: method.people ?? method.id,
    users: method.users.map(({ displayName, email, ...user }) => ({ ...user, displayName, email })),
  }
}

function samlOf(method: SamlMethod, folder: string): SamlMethodConfig {
  const { id, name, displayName, email, groups, awsRoles, session } = method.attributes
  return {
    type: method.type,
    id: method.id,
    label: method.label ?? 'Company sign-in',
    people: method.people ?? method.id,
    preset: method.preset,
    metadata: {
      location: /^https?:/i.test(method.metadata)
        ? { url: method.metadata }
        : { file: resolve(folder, method.metadata) },
      signedBy: method.metadataSignedBy,
      fingerprints: method.metadataFingerprints.map((text) =>
        text.replaceAll(':', '').toLowerCase(),
      ),
      refreshSeconds: method.metadataRefresh,
      allowPrivateAddresses: method.metadataPrivate,
    },
    providerEntityId: method.providerEntityId,
    entityId: method.entityId,
    signing: method.signing,
    announced: method.announced,
    decryption: method.decryption,
    requestBinding: method.requestBinding,
    nameIdFormat: method.nameIdFormat,
    authnContexts: method.authnContexts,
    forceAuthn: method.forceAuthn,
    signed: method.signed,
    allowSha1: method.allowSha1,
    maxSize: method.maxSize,
    clockSkew: method.clockSkew,
    maxAge: method.maxAge,
    requestLifetime: method.requestLifetime,
    idpInitiated: method.idpInitiated,
    attributes: { id, name, displayName, email, groups, awsRoles, session },
    logout: method.logout,
  }
}

/**
 * The grants that stand with sign-in methods: roles that a provider gives by the AWS role attribute. Their issuer is the
 * one that is named there or that passes this provider's assertions on, and never one that was meant for others.
 */
export function methodGrants(
  { signIn, issuers }: Pick<DocumentSettings, 'signIn' | 'issuers'>,
  fallbacks: RoleFallbacks,
): readonly Grant[] {
  return signIn.flatMap((method, index) => {
    if (method.type !== 'saml' || !method.awsRoles) return []
    const { accounts, ...settings } = method.awsRoles
    const passesOn = Object.entries(issuers).find(
      ([, issuer]) => 'signIn' in issuer && issuer.signIn === method.id,
    )
    const issuer = settings.issuer ?? passesOn?.[0]
    if (issuer === undefined) throw new TypeError(`unchecked issuer of ${method.id}`)
    return [
      {
        path: `signIn[${index}].awsRoles`,
        people: method.people ?? method.id,
        grantee: { kind: 'aws-roles', method: method.id, accounts: new Set(accounts) },
        roles: [],
        template: resolveRole({ ...settings, issuer }, fallbacks),
      },
    ]
  })
}
