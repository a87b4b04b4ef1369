import type { Config } from '../../config/config.ts'
import type { AssumeRoleWithSamlConfig, IssuerConfig } from '../../config/issuer-config.ts'
import type { Role } from '../../entitlements/catalogue.ts'
import { assumeRoleParts } from './assume-role-part.ts'
import { federationPart } from './federation-part.ts'
import { rolesAnywherePart } from './roles-anywhere-part.ts'
import { samlPart } from './saml-part.ts'
import type { AccountSetup } from './setup.ts'
import type { IssuerMaterial, SetupPart } from './setup-part.ts'

/** What each account needs for the configured roles and issuers, least privilege. */
export function accountSetups(
  config: Config,
  material: ReadonlyMap<string, IssuerMaterial>,
): readonly AccountSetup[] {
  const parts = [...config.issuers].flatMap(([name, issuer]) => {
    const roles = [...config.roles.values()].filter((role) => role.issuer === name)
    return partsOf(name, issuer, roles, material.get(name) ?? {}, config)
  })
  const byAccount = Map.groupBy(parts, ({ accountId }) => accountId)
  const partition = [...config.roles.values()][0]?.arn.partition ?? 'aws'
  return [...byAccount].map(([accountId, own]) => ({
    accountId,
    partition,
    parameters: unique(own.flatMap(({ parameters = [] }) => parameters)),
    resources: unique(own.flatMap(({ resources }) => resources)),
    notes: [...new Set(own.flatMap(({ notes = [] }) => notes))],
  }))
}

function unique<Named extends { readonly name: string }>(all: readonly Named[]): readonly Named[] {
  return [...new Map(all.map((one) => [one.name, one])).values()]
}

/** Accounts whose roles a sign-in method's provider may name, so that none of them stands in the configuration. */
function accountsNamedBy(
  { assertions }: AssumeRoleWithSamlConfig,
  { grants }: Config,
): readonly string[] {
  if (assertions.from !== 'sign-in') return []
  return grants.flatMap(({ grantee }) =>
    grantee.kind === 'aws-roles' && grantee.method === assertions.method
      ? [...grantee.accounts]
      : [],
  )
}

function partsOf(
  name: string,
  issuer: IssuerConfig,
  roles: readonly Role[],
  material: IssuerMaterial,
  config: Config,
): readonly SetupPart[] {
  const groups = Map.groupBy(roles, ({ account }) => account.id)
  switch (issuer.type) {
    case 'assume-role':
      return assumeRoleParts(name, issuer, roles, material)
    case 'roles-anywhere':
      return [rolesAnywherePart(name, issuer, roles, material)]
    case 'assume-role-with-saml':
      return [...new Set([...groups.keys(), ...accountsNamedBy(issuer, config)])].map((accountId) =>
        samlPart(accountId, name, issuer, groups.get(accountId) ?? [], material, config),
      )
    case 'federation-token':
      return [...groups].map(([accountId, own]) => federationPart(accountId, name, own))
  }
}
