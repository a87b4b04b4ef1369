import { type Broker, createBroker } from '../broker.ts'
import type { BrokerParts } from '../broker/broker-parts.ts'
import { composeIssuers } from './issuers.ts'
import type { Config } from '../config/config.ts'
import { toCatalogue } from '../config/to-catalogue.ts'
import { createConsoleSignIn } from '../console/federation-endpoint.ts'
import type { Effects } from '../effects.ts'
import type { ClaimStore } from '../identity/claim-store.ts'
import { measuredConsoleSignIn } from '../telemetry/measured-aws-calls.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { ReadinessCheck, WebDependencies } from '../web/dependencies.ts'

/** The one door, with everything behind it. */
export interface ComposedBroker extends Pick<WebDependencies, 'identityProvider'> {
  readonly broker: Broker
  readonly checks: readonly ReadinessCheck[]
}

type Parts = Pick<BrokerParts, 'accounts' | 'audit' | 'logger'> & {
  readonly claims: ClaimStore
  readonly effects: Effects
  readonly metrics: Metrics
}

/** Builds the issuers and the way to the console, and the door before them. */
export function composeBroker(config: Config, { claims, ...parts }: Parts): ComposedBroker {
  const { audit, effects, logger, metrics } = parts
  const tellCall: Metrics['awsCall'] = (...call) => {
    metrics.awsCall(...call)
  }
  const { issuers, identityProviders, faults } = composeIssuers({
    config,
    effects,
    logger,
    audit,
    claims,
    tellCall,
  })
  const consoleSignIn = createConsoleSignIn({
    endpoints: config.aws.endpoints,
    methodByPartition: config.aws.federationMethod,
    effects,
    logger,
    timeouts: { answer: config.network.answerTimeout },
  })
  const broker = createBroker({
    ...parts,
    catalogue: toCatalogue(config),
    issuers,
    consoleForms: identityProviders,
    consoleSignIn: measuredConsoleSignIn(consoleSignIn, tellCall, effects.now),
    publicUrl: config.publicUrl,
  })
  return {
    broker,
    identityProvider: [...identityProviders.values()][0],
    // Told, and yet no reason to send people elsewhere: another instance would reach AWS no better.
    checks: [{ name: 'AWS', vital: false, check: () => noFaults(faults()) }],
  }
}

function noFaults(found: readonly string[]): Promise<void> {
  return found.length === 0 ? Promise.resolve() : Promise.reject(new Error(found.join('; ')))
}
