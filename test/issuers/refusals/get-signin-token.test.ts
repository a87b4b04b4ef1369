import { onTestFinished } from 'vitest'
import type { Fault } from '../../../sandbox/faults/faults.ts'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import type { ConsoleOrder } from '../../../src/console/console-sign-in.ts'
import { createConsoleSignIn } from '../../../src/console/federation-endpoint.ts'
import { assume } from '../../sandbox/sdk.ts'
import { arn, policy, role, trusts, worldWith } from '../../sandbox/test-world.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { describeRefusals, type Outcome, outcomeOf } from './refusal-table.ts'
import { tapWire } from './wire.ts'

const user = 'arn:aws:iam::111111111111:user/postern-broker'
const mayAssume = policy({ Effect: 'Allow', Action: 'sts:*', Resource: '*' })
const world = worldWith([
  role('Hub', policy(trusts(user)), { policies: [mayAssume] }),
  role('Chained', policy(trusts(arn('Hub')))),
])

interface Case {
  /** Credentials that another role was assumed with. */
  readonly chained?: true
  readonly seconds?: number
  readonly secret?: string
  readonly fault?: Fault
  /** Minutes by which AWS's clock is ahead. */
  readonly later?: number
}

function provoke(about: Case): () => Promise<Outcome> {
  return async () => {
    const clock = { ahead: 0 }
    const now = () => new Date(Date.now() + clock.ahead)
    const sandbox = await startSandbox({ world, now })
    onTestFinished(() => sandbox.close())
    const hub = await assume(sandbox.url, { RoleArn: arn('Hub'), DurationSeconds: 900 })
    const inHub = {
      accessKeyId: hub.Credentials?.AccessKeyId ?? '',
      secretAccessKey: hub.Credentials?.SecretAccessKey ?? '',
      sessionToken: hub.Credentials?.SessionToken ?? '',
    }
    const { Credentials: given } = about.chained
      ? await assume(sandbox.url, { RoleArn: arn('Chained') }, inHub)
      : hub
    clock.ahead = (about.later ?? 0) * 60_000
    if (about.fault) sandbox.faults.next('getSigninToken', about.fault, 4)
    const wire = await tapWire(sandbox.url)
    const order: ConsoleOrder = {
      credentials: {
        accessKeyId: given?.AccessKeyId ?? '',
        secretAccessKey: about.secret ?? given?.SecretAccessKey ?? '',
        sessionToken: given?.SessionToken ?? '',
        expiration: given?.Expiration ?? new Date(0),
      },
      partition: 'aws',
      region: 'eu-west-1',
      destination: 'https://console.aws.amazon.com/',
      sessionDurationSeconds: about.seconds,
      issuerUrl: 'https://aws.corp.example/',
    }
    const console = createConsoleSignIn({
      endpoints: { federation: wire.url },
      methodByPartition: {},
      effects: heldEffects(new Date()),
      logger: silentLogger,
    })
    return outcomeOf(wire, console.open(order))
  }
}

describeRefusals('getSigninToken', {
  'Credentials that have ended': provoke({ later: 20 }),
  'A secret that is not the key’s': provoke({ secret: 'x'.repeat(40) }),
  'A duration with credentials of role chaining': provoke({ chained: true, seconds: 7200 }),
  'Too many calls, or a fault of AWS’s own': provoke({ fault: { kind: 'unavailable' } }),
})
