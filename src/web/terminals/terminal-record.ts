import type { AuditEventType, AuditFacts } from '../../audit/audit-event.ts'
import { BrokerError } from '../../errors.ts'
import type { Identity } from '../../identity/identity.ts'
import type { TerminalFacts } from '../../identity/terminals/terminal-facts.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'

/** A sign-in of the command line, begun or about to. */
export interface Told {
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
  /** An approval that was recorded, and of which nothing can come. */
  failed(exchange: Exchange, told: Told, error: unknown): Promise<void>
  /** A code or token that is none, or none any more: anybody's, or that of somebody who is signed in. */
  refused(exchange: Exchange, error: BrokerError, identity?: Identity): Promise<void>
}

export function createTerminalRecord({
  audit,
  logger,
}: Pick<WebDependencies, 'audit' | 'logger'>): TerminalRecord {
  return {
    async happened({ context }, type, terminal) {
      const facts = factsOf(context, terminal)
      const { name, breakGlass } = terminal.identity
      if (breakGlass && type === 'terminal-signed-in') {
        logger.warn({ ...placeOf(context), name }, 'ALARM: a break-glass user signs in')
        await audit.record({ ...facts, type: 'break-glass-used' })
      }
      await audit.record({ ...facts, type })
    },
    async failed({ context }, terminal, error) {
      const code = error instanceof BrokerError ? error.code : 'server_error'
      await audit.record({ ...factsOf(context, terminal), code, type: 'terminal-failed' })
    },
    async refused({ context }, error, identity) {
      const { code, detail } = error
      await audit.record({
        ...placeOf(context),
        ...(identity && whoIs(identity)),
        code,
        ...(detail !== undefined && { detail }),
        type: 'terminal-refused',
      })
    },
  }
}

function factsOf(context: Exchange['context'], { id, identity, facts }: Told): AuditFacts {
  return {
    ...placeOf(context),
    ...whoIs(identity),
    ...(id !== undefined && { terminal: id }),
    detail: words(facts),
  }
}

function placeOf({ requestId, address }: Exchange['context']): AuditFacts {
  return { requestId, address }
}

function whoIs({ person, name, method }: Identity) {
  return { people: person.people, personId: person.id, name, method }
}

/** Whence it came, as it says itself, and the address where it began. */
function words({ user, host, system, address }: TerminalFacts): string {
  const says = [user ?? '?', '@', host ?? '?', system === undefined ? '' : `, ${system}`].join('')
  return `${says}, from ${address}`
}
