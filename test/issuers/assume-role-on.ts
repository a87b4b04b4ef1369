import { type AssumeRoleOptions, createAssumeRoleIssuer } from '../../src/issuers/assume-role.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { type HeldEffects, heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer } from '../support/loopback-server.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { now } from './sts-answers.ts'

/** The secret key that the issuer signs with. */
export const baseSecret = 'BASESECRET/base+secret/BASESECRET+base00'

interface Broker extends Partial<AssumeRoleOptions> {
  readonly effects?: HeldEffects
}

/** The issuer, with keys of the environment, on an STS that answers so. */
export async function assumeRoleOn(replies: readonly Answer[], options: Broker = {}) {
  awsEnvironment({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: baseSecret })
  const sts = await loopbackServer(...replies)
  const effects = options.effects ?? heldEffects(now)
  const issuer = createAssumeRoleIssuer({
    name: 'hub',
    source: { type: 'environment' },
    stsEndpoint: sts.origin,
    logger: silentLogger,
    ...options,
    effects,
  })
  return { issuer, received: sts.received, effects, host: new URL(sts.origin).host }
}
