import type { BareIssuer, IssuerParts } from './bare-issuer.ts'
import { composeRolesAnywhere } from './roles-anywhere.ts'
import { composeIdentityProvider, composePassingOn, composeSamlProvider } from './saml-issuers.ts'
import { composeAssumeRole, composeFederationToken } from './sts-issuers.ts'
import type { IssuerConfig } from '../config/issuer-config.ts'
import { Circuits } from '../issuers/circuits.ts'
import { failOverIssuer } from '../issuers/fail-over-issuer.ts'
import type { Issuer } from '../issuers/issuer.ts'
import { Limits } from '../issuers/limits.ts'
import { reusingIssuer } from '../issuers/reusing-issuer.ts'
import type { AwsIdentityProvider } from '../issuers/saml-provider/identity-provider.ts'
import { measuredIssuer } from '../telemetry/measured-aws-calls.ts'

/** Every configured way to get credentials, with what stands around each. */
export interface ComposedIssuers {
  readonly issuers: ReadonlyMap<string, Issuer>
  /** Postern as the identity provider of AWS, by the name of its issuer; at most one. */
  readonly identityProviders: ReadonlyMap<string, AwsIdentityProvider>
  /** Endpoints that are left alone at the moment, for operators. */
  readonly faults: () => readonly string[]
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

  function bareIssuer(name: string, settings: IssuerConfig): BareIssuer {
    if (settings.type === 'assume-role') return composeAssumeRole(name, settings, parts)
    if (settings.type === 'roles-anywhere') return composeRolesAnywhere(name, settings, parts)
    if (settings.type === 'federation-token') return composeFederationToken(name, settings, parts)
    const { assertions } = settings
    if (assertions.from === 'sign-in')
      return composePassingOn(name, settings, assertions.method, parts)
    const provider = composeIdentityProvider(assertions, parts)
    identityProviders.set(name, provider)
    return composeSamlProvider(name, settings, provider, parts)
  }
}
