import type { AuditEventType, AuditFacts } from '../../audit/audit-event.ts'
import type { BrokerError } from '../../errors.ts'
import type { Identity } from '../../identity/identity.ts'
import type { TerminalFacts } from '../../identity/terminals/terminal-facts.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'

/** A sign-in of the command line, begun or about to. */
interface Told {
  /** Undefined where it never came to one. */
  readonly id: string | undefined
  readonly identity: Identity
  readonly facts: TerminalFacts
}

type TerminalEvent = Extract<AuditEventType, `terminal-${string}`>

/** Sign-ins of the command line in the trail. Rejects with AuditUnavailable. */
export interface TerminalRecord {
  /** Durable before a code or a token is released. */
  happened(exchange: Exchange, type: TerminalEvent, told: Told): Promise<void>
  /** Anybody's: a code or token that is none, or none any more. */
  refused(exchange: Exchange, error: BrokerError): Promise<void>
}

export function createTerminalRecord({
  audit,
  logger,
}: Pick<WebDependencies, 'audit' | 'logger'>): TerminalRecord {
  return {
    async happened({ context }, type, { id, identity, facts }) {
      const { person, name, method, breakGlass } = identity
      const told: AuditFacts = {
        ...placeOf(context),
        people: person.people,
        personId: person.id,
        name,
        method,
        ...(id !== undefined && { terminal: id }),
        detail: words(facts),
      }
      if (breakGlass && type === 'terminal-signed-in') {
        logger.warn({ ...placeOf(context), name }, 'ALARM: a break-glass user signs in')
        await audit.record({ ...told, type: 'break-glass-used' })
      }
      await audit.record({ ...told, type })
    },
    async refused({ context }, error) {
      const { code, detail } = error
      await audit.record({
        ...placeOf(context),
        code,
        ...(detail !== undefined && { detail }),
        type: 'terminal-refused',
      })
    },
  }
}

function placeOf({ requestId, address }: Exchange['context']): AuditFacts {
  return { requestId, address }
}

/** Whence it came, as it says itself, and the address where it began. */
function words({ user, host, system, address }: TerminalFacts): string {
  const says = [user ?? '?', '@', host ?? '?', system === undefined ? '' : `, ${system}`].join('')
  return `${says}, from ${address}`
}
