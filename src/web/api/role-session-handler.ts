import type { Broker, RoleSession, RoleSessionRequest } from '../../broker.ts'
import type { RoleSessionAnswer } from '../../contract/answers.ts'
import { roleSessionOrder } from '../../contract/orders.ts'
import { checkRegion } from '../../credentials/region.ts'
import type { PlannedDuration } from '../../entitlements/durations.ts'
import { AccessDenied, BrokerError, SignInTooOld } from '../../errors.ts'
import { checkedFields } from '../checked-fields.ts'
import type { ProvenExchange } from './api-exchange.ts'
import { oneLine } from './one-line.ts'

/** `POST /api/v1/role-sessions`: credentials, and the console's sign-in URL where it is asked for. */
export function createIssue(broker: Pick<Broker, 'issue'>, stsEndpoint: string | undefined) {
  return async (exchange: ProvenExchange, body: unknown): Promise<void> => {
    const { caller, context, response } = exchange
    try {
      const session = await broker.issue(caller.identity, readOrder(body), context)
      response.status(201).json(answerOf(session, stsEndpoint))
    } catch (error) {
      throw error instanceof SignInTooOld ? onlyByBrowser(error) : error
    }
  }
}

/** Another sign-in would not help: what AWS wants to see is in no token. */
function onlyByBrowser(cause: SignInTooOld): AccessDenied {
  return new AccessDenied(
    'AWS gives this role to whoever comes from the company’s sign-in page. Take it in the browser.',
    { cause },
  )
}

function readOrder(body: unknown): RoleSessionRequest {
  const order = checkedFields(roleSessionOrder, body, 'request')
  const { role, duration, console = false, consoleDuration, destination, region } = order
  return {
    role,
    duration,
    console,
    consoleDuration,
    destination,
    region: region === undefined ? undefined : checkRegion(region),
  }
}

function answerOf(session: RoleSession, stsEndpoint: string | undefined): RoleSessionAnswer {
  const { role, credentials, region, console, plan } = session
  return {
    role: role.arn.arn,
    credentials: { ...credentials, expiration: credentials.expiration.toISOString() },
    ...(region !== undefined && { region }),
    ...(console instanceof BrokerError && { consoleError: oneLine(console.message, 2_048) }),
    ...(console && !(console instanceof BrokerError) && { consoleUrl: console.url }),
    ...(stsEndpoint !== undefined && { endpoints: { sts: stsEndpoint } }),
    durations: { credentials: planned(plan.credentials), console: planned(plan.console) },
  }
}

function planned({ seconds, why }: PlannedDuration) {
  return { seconds, why: oneLine(why, 1024) }
}
