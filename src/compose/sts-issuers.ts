import { type BareIssuer, callOptions, issuerKey, type IssuerParts } from './bare-issuer.ts'
import { rolesAnywherePlace } from './roles-anywhere.ts'
import { stsPlaces } from './sts-places.ts'
import type {
  AssumeRoleConfig,
  FederationTokenConfig,
  SourceConfig,
} from '../config/issuer-config.ts'
import { createAssumeRoleIssuer } from '../issuers/assume-role.ts'
import { createFederationTokenIssuer } from '../issuers/federation-token.ts'
import { RenewedCredentials } from '../issuers/renewed-credentials.ts'
import { rolesAnywhereBase } from '../issuers/roles-anywhere-base.ts'
import type { BaseSource } from '../issuers/sts-clients.ts'

/** AssumeRole, with base credentials from wherever the configuration says. */
export function composeAssumeRole(
  name: string,
  settings: AssumeRoleConfig,
  parts: IssuerParts,
): BareIssuer {
  const { effects, logger } = parts
  const { places, options } = stsPlaces(settings, () => callerOf(settings.source), parts)
  const fromCertificate = settings.source.type === 'roles-anywhere'
  const issuer = createAssumeRoleIssuer({
    name,
    source: baseSource(settings.source, parts),
    ...options,
    chained: { auto: fromCertificate ? true : undefined, yes: true, no: false }[settings.chained],
    effects,
    logger,
    ...callOptions(parts),
  })
  return { issuer, ...places }
}

/** GetFederationToken. */
export function composeFederationToken(
  name: string,
  settings: FederationTokenConfig,
  parts: IssuerParts,
): BareIssuer {
  const { effects, logger } = parts
  const { source } = settings
  const { places, options } = stsPlaces(settings, () => callerOf(source), parts)
  const issuer = createFederationTokenIssuer({
    ...options,
    ...callOptions(parts),
    name,
    source,
    effects,
    logger,
  })
  return { issuer, ...places }
}

function baseSource(source: SourceConfig, parts: IssuerParts): BaseSource {
  if (source.type !== 'roles-anywhere') return source
  const { effects, logger } = parts
  const fetch = rolesAnywhereBase({
    ...rolesAnywherePlace(source, parts),
    ...callOptions(parts),
    roleArn: source.roleArn,
    key: issuerKey(source.key, parts),
    effects,
  })
  return { type: 'held', credentials: new RenewedCredentials({ fetch, effects, logger }) }
}

/** Issuers with the same base credentials share a quota. */
function callerOf(source: SourceConfig): string {
  if (source.type === 'profile') return `profile ${source.name}`
  return source.type === 'roles-anywhere' ? source.roleArn : source.type
}
