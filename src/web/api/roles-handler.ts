import type { Broker, Offer } from '../../broker.ts'
import type { RolesAnswer } from '../../contract/answers.ts'
import type { PlannedDuration } from '../../entitlements/durations.ts'
import type { ProvenExchange } from './api-exchange.ts'
import { oneLine } from './one-line.ts'

const most = 10_000

type RoleLine = RolesAnswer['roles'][number]

/** `GET /api/v1/roles`: what may be had, and what it would last. */
export function createShowRoles(broker: Pick<Broker, 'offers'>) {
  return async ({ caller, response }: ProvenExchange): Promise<void> => {
    const offers = await broker.offers(caller.identity)
    const answer: RolesAnswer = { roles: offers.slice(0, most).map(roleLine) }
    response.json(answer)
  }
}

function roleLine({ entitlement, plan }: Offer): RoleLine {
  const { arn, account, issuer, region } = entitlement.role
  return {
    arn: arn.arn,
    account: { id: account.id, name: oneLine(account.name, 256) },
    name: arn.name,
    issuer,
    ...(region !== undefined && { region }),
    durations: { credentials: duration(plan.credentials), console: duration(plan.console) },
  }
}

function duration({ seconds, maxSeconds, why }: PlannedDuration) {
  return { seconds, maxSeconds, why: oneLine(why, 1024) }
}
