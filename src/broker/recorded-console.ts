import type { AuditFacts } from '../audit/audit-event.ts'
import type { ConsoleLink } from '../console/console-sign-in.ts'
import type { Role } from '../entitlements/catalogue.ts'
import { failure } from '../entitlements/decision-facts.ts'
import type { SessionParameters } from '../entitlements/session-parameters.ts'
import type { Person } from '../identity/identity.ts'
import type { ConsoleForms } from '../issuers/issuer.ts'
import type { ConsoleForm, ConsoleUrlOrder } from '../role-session.ts'
import type { BrokerParts } from './broker-parts.ts'

/** What a form of one's own identity provider is made from. */
interface FormOrder extends SessionParameters {
  readonly person: Person
  readonly durationSeconds: number
  readonly destination: string
}

/** The two ways into the console: each records what it opened before anybody sees it, and what failed too. */
export interface RecordedConsole {
  /** A destination allowed for the role, or the role's start page. Throws InvalidDestination. */
  readonly checkDestination: (role: Role, destination: string | undefined) => string
  link(role: Role, order: ConsoleUrlOrder, facts: AuditFacts): Promise<ConsoleLink>
  form(role: Role, forms: ConsoleForms, order: FormOrder, facts: AuditFacts): Promise<ConsoleForm>
}

export function createRecordedConsole({
  audit,
  consoleSignIn,
  metrics,
  publicUrl,
}: Pick<BrokerParts, 'audit' | 'consoleSignIn' | 'metrics' | 'publicUrl'>): RecordedConsole {
  async function recorded<Opened>(
    facts: AuditFacts,
    open: () => Promise<{ readonly opened: Opened; readonly facts: Partial<AuditFacts> }>,
  ): Promise<Opened> {
    try {
      const { opened, facts: more } = await open()
      await audit.record({ ...facts, ...more, type: 'console-url-issued' })
      metrics.consoleUrl('issued')
      return opened
    } catch (error) {
      metrics.consoleUrl('failed')
      await audit.record({ ...facts, ...failure(error), type: 'console-url-failed' })
      throw error
    }
  }

  function checkDestination(role: Role, destination: string | undefined): string {
    const { partition } = role.arn
    return consoleSignIn.checkDestination(destination ?? role.startPage, partition, role.region)
  }

  function issuerUrl(role: Role): string {
    const query = new URLSearchParams({ account: role.account.id, role: role.arn.name })
    return `${publicUrl}/?${query.toString()}`
  }

  return {
    checkDestination,
    link: (role, order, facts) =>
      recorded(facts, async () => {
        const opened = await consoleSignIn.open({
          credentials: order.credentials,
          partition: role.arn.partition,
          region: order.region ?? role.region,
          destination: checkDestination(role, order.destination),
          sessionDurationSeconds: order.sendDuration ? order.consoleSeconds : undefined,
          issuerUrl: issuerUrl(role),
        })
        const { destination, consoleSeconds } = opened
        return { opened, facts: { destination, consoleSeconds } }
      }),
    form: (role, forms, { destination, ...order }, facts) =>
      recorded(facts, async () => {
        const { response, recipient } = await forms.respond({
          ...order,
          role: role.arn,
          region: role.region,
        })
        const fields = { SAMLResponse: response, RelayState: destination }
        return { opened: { role, url: recipient, fields }, facts: {} }
      }),
  }
}
