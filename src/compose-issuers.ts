import type { AuditTrail } from './audit/audit-event.ts'
import { keySourceOf } from './compose-keys.ts'
import type { Config } from './config/config.ts'
import type {
  AssumeRoleConfig,
  AssumeRoleWithSamlConfig,
  FederationTokenConfig,
  IdentityProviderConfig,
  IssuerConfig,
  KeyConfig,
  RolesAnywhereConfig,
  SourceConfig,
} from './config/issuer-config.ts'
import { partitionOfRegion } from './entitlements/region.ts'
import { SignInTooOld } from './errors.ts'
import type { Effects } from './effects.ts'
import type { ClaimStore } from './identity/claim-store.ts'
import { createAssumeRoleIssuer } from './issuers/assume-role.ts'
import { createAssumeRoleWithSamlIssuer } from './issuers/assume-role-with-saml.ts'
import { Circuits } from './issuers/circuits.ts'
import { failOverIssuer } from './issuers/fail-over-issuer.ts'
import { createFederationTokenIssuer } from './issuers/federation-token.ts'
import type { IssueOrder, Issuer } from './issuers/issuer.ts'
import { Limits } from './issuers/limits.ts'
import { passedAssertions } from './issuers/passed-assertion.ts'
import { createPersonCertificateIssuer } from './issuers/person-certificate.ts'
import { RenewedCredentials } from './issuers/renewed-credentials.ts'
import { reusingIssuer } from './issuers/reusing-issuer.ts'
import { createRolesAnywhereIssuer, rolesAnywhereTarget } from './issuers/roles-anywhere.ts'
import { rolesAnywhereBase } from './issuers/roles-anywhere-base.ts'
import {
  type AwsIdentityProvider,
  createIdentityProvider,
} from './issuers/saml-provider/identity-provider.ts'
import type { BaseSource } from './issuers/sts-clients.ts'
import { stsRegion } from './issuers/sts-region.ts'
import { stsTarget } from './issuers/sts-target.ts'
import type { KeySource } from './keys/key-source.ts'
import { regionOf } from './rolesanywhere/create-session.ts'
import type { Logger } from './telemetry/logger.ts'
import { measuredIssuer } from './telemetry/measured-aws-calls.ts'

export interface IssuerParts {
  readonly config: Config
  readonly effects: Effects
  readonly logger: Logger
  readonly audit: AuditTrail
  readonly claims: ClaimStore
  readonly tellCall: (operation: string, outcome: string, seconds: number) => void
}

/** Every configured way to get credentials, with what stands around each. */
export interface ComposedIssuers {
  readonly issuers: ReadonlyMap<string, Issuer>
  /** Postern as the identity provider of AWS, by the name of its issuer; at most one. */
  readonly identityProviders: ReadonlyMap<string, AwsIdentityProvider>
  /** Endpoints that are left alone at the moment, for operators. */
  readonly faults: () => readonly string[]
}

/** A bare issuer, and what its decorators must know of it. */
interface Bare {
  readonly issuer: Issuer
  /** What AWS counts an order for: the calling account and a region. */
  readonly placeOf: (order: IssueOrder) => string
  readonly hostOf: (order: IssueOrder) => string
  readonly secondRegion: (order: IssueOrder) => string | undefined
}

/** From the inside out: a limit and a circuit for each endpoint, the second region, the metrics, single flight and reuse. */
export function composeIssuers(parts: IssuerParts): ComposedIssuers {
  const { config, effects, logger, tellCall } = parts
  const { failures, pause } = config.aws.circuit
  const circuits = new Circuits(effects, { failures, pause: pause * 1000 })
  const limits = new Limits(effects)
  const identityProviders = new Map<string, AwsIdentityProvider>()
  const decorated = (name: string, settings: IssuerConfig): Issuer => {
    const { issuer, placeOf, hostOf, secondRegion } = bareIssuer(name, settings)
    const limited = limits.guard(issuer, settings.limit, placeOf)
    const guarded = circuits.guard(limited, hostOf)
    const failingOver = failOverIssuer(guarded, { secondRegion, logger })
    const measured = measuredIssuer(failingOver, tellCall, effects.now)
    return reusingIssuer(measured, { effects, seconds: settings.reuse })
  }
  const entries = [...config.issuers].map(([name, settings]): [string, Issuer] => [
    name,
    decorated(name, settings),
  ])
  return { issuers: new Map(entries), identityProviders, faults: () => circuits.faults() }

  function bareIssuer(name: string, settings: IssuerConfig): Bare {
    if (settings.type === 'assume-role') return assumeRole(name, settings, parts)
    if (settings.type === 'roles-anywhere') return rolesAnywhere(name, settings, parts)
    if (settings.type === 'federation-token') return federationToken(name, settings, parts)
    const { assertions } = settings
    if (assertions.from === 'sign-in') return passingOn(name, settings, assertions.method, parts)
    const provider = identityProvider(assertions, parts)
    identityProviders.set(name, provider)
    return asIdentityProvider(name, settings, provider, parts)
  }
}

/** How an issuer asks STS, and where. */
function stsPlaces(
  { region: own }: IssuerConfig,
  caller: (order: IssueOrder) => string,
  { config }: IssuerParts,
) {
  const { failOver, endpoints, region: everywhere } = config.aws
  const defaultRegion = own ?? everywhere
  const stsEndpoint = (region: string): string | undefined =>
    region === failOver?.region ? failOver.sts : endpoints.sts
  const placed = ({ role, region }: IssueOrder) => stsRegion(role, region, defaultRegion)
  const places: Omit<Bare, 'issuer'> = {
    placeOf: (order) => `${caller(order)} in ${placed(order)}`,
    hostOf: (order) => stsTarget(placed(order), stsEndpoint).host,
    secondRegion: (order) => secondRegion(order, placed(order), failOver?.region),
  }
  return { places, options: { defaultRegion, stsEndpoint } }
}

function federationToken(name: string, settings: FederationTokenConfig, parts: IssuerParts): Bare {
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

function asIdentityProvider(
  name: string,
  settings: AssumeRoleWithSamlConfig,
  provider: AwsIdentityProvider,
  parts: IssuerParts,
): Bare {
  const { effects, logger } = parts
  const { places, options } = stsPlaces(settings, ({ role }) => role.accountId, parts)
  const issuer = createAssumeRoleWithSamlIssuer({
    ...options,
    ...callOptions(parts),
    name,
    assertionFor: async (order) => {
      const { roleSessionName } = order
      return { ...(await provider.respond(order)), roleSessionName }
    },
    able: ['policy', 'policyArns', 'tags', 'transitiveTagKeys', 'sourceIdentity'],
    effects,
    logger,
  })
  return { issuer, ...places }
}

function passingOn(
  name: string,
  settings: AssumeRoleWithSamlConfig,
  method: string,
  parts: IssuerParts,
): Bare {
  const { effects, logger } = parts
  const { places, options } = stsPlaces(settings, ({ role }) => role.accountId, parts)
  const issuer = createAssumeRoleWithSamlIssuer({
    ...options,
    ...callOptions(parts),
    name,
    assertionFor: passedAssertions(method, effects),
    tooOld: () => new SignInTooOld(method),
    able: ['policy', 'policyArns'],
    effects,
    logger,
  })
  return { issuer, ...places }
}

function identityProvider(
  { name, entityId, keys }: IdentityProviderConfig,
  parts: IssuerParts,
): AwsIdentityProvider {
  const { publicUrl, aws } = parts.config
  const [first, ...others] = keys.map((place) => keySource(place, parts))
  if (!first) throw new TypeError('unchecked keys')
  return createIdentityProvider({
    entityId: entityId ?? `${publicUrl}/saml/aws/metadata`,
    publicUrl,
    providerName: name,
    keys: [first, ...others],
    samlEndpoint: aws.endpoints.saml,
    effects: parts.effects,
  })
}

function assumeRole(name: string, settings: AssumeRoleConfig, parts: IssuerParts): Bare {
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

/** Milliseconds for which a serial number is kept: the life of a CA, more or less. It holds 126 random bits anyway. */
const serialsLast = 365 * 86_400_000

function rolesAnywhere(name: string, settings: RolesAnywhereConfig, parts: IssuerParts): Bare {
  const place = rolesAnywherePlace(settings, parts)
  const { effects, audit, claims } = parts
  const { sendSessionName, key } = settings
  const common = { ...place, ...callOptions(parts), name, sendSessionName, effects }
  const source = keySource(key.place, parts)
  const claimSerial = (serial: string): Promise<boolean> =>
    claims.claim('certificate-serial', serial, effects.now().getTime() + serialsLast)
  const issuer =
    key.use === 'authority'
      ? createPersonCertificateIssuer({ ...common, authority: source, claimSerial, audit })
      : createRolesAnywhereIssuer({ ...common, key: source })
  const [, , , , account = ''] = place.trustAnchorArn.split(':')
  return {
    issuer,
    placeOf: () => `Roles Anywhere of ${account} in ${regionOf(place, place.region)}`,
    hostOf: () => rolesAnywhereTarget(place).host,
    // Trust anchors are regional: another region has none.
    secondRegion: () => undefined,
  }
}

function callOptions({ config }: IssuerParts) {
  const { aws, network } = config
  const timeouts = { connect: network.connectTimeout, answer: network.answerTimeout }
  return { timeouts, attempts: aws.attempts }
}

function rolesAnywherePlace(
  settings: Pick<RolesAnywhereConfig, 'trustAnchorArn' | 'profileArn' | 'region'>,
  { config }: IssuerParts,
) {
  const { trustAnchorArn, profileArn, region } = settings
  return { trustAnchorArn, profileArn, region, endpoint: config.aws.endpoints.rolesAnywhere }
}

function baseSource(source: SourceConfig, parts: IssuerParts): BaseSource {
  if (source.type !== 'roles-anywhere') return source
  const { effects, logger } = parts
  const fetch = rolesAnywhereBase({
    ...rolesAnywherePlace(source, parts),
    ...callOptions(parts),
    roleArn: source.roleArn,
    key: keySource(source.key, parts),
    effects,
  })
  return { type: 'held', credentials: new RenewedCredentials({ fetch, effects, logger }) }
}

function keySource(place: KeyConfig, { effects, logger }: IssuerParts): KeySource {
  return keySourceOf(place, effects, (fault) => {
    logger.warn({ err: fault }, 'the renewed key can not be used yet; the former one goes on')
  })
}

/** Issuers with the same base credentials share a quota. */
function callerOf(source: SourceConfig): string {
  if (source.type === 'profile') return `profile ${source.name}`
  return source.type === 'roles-anywhere' ? source.roleArn : source.type
}

function secondRegion(
  { role }: IssueOrder,
  first: string,
  second: string | undefined,
): string | undefined {
  const elsewhere = second !== undefined && second !== first
  return elsewhere && partitionOfRegion(second) === role.partition ? second : undefined
}
