import type { AuditFacts } from '../audit/audit-event.ts'
import { type BrokerError, SignInFailed, TooManyRequests } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { FormSignIn } from '../identity/local-form.ts'
import type { WebDependencies } from './dependencies.ts'
import type { Exchange } from './exchange.ts'

/** Sign-ins and sign-outs in the trail, the log and the metrics. Rejects with AuditUnavailable. */
export interface SignInRecord {
  /** Durable before the browser session begins. */
  signedIn(exchange: Exchange, identity: Identity): Promise<void>
  refused(exchange: Exchange, form: FormSignIn, name: string, error: BrokerError): Promise<void>
  signedOut(exchange: Exchange, identity: Identity): Promise<void>
}

export function createSignInRecord(
  parts: Pick<WebDependencies, 'audit' | 'logger' | 'metrics'>,
): SignInRecord {
  const { audit, logger, metrics } = parts
  return {
    async signedIn({ context }, identity) {
      const facts = { ...context, ...factsOf(identity) }
      if (identity.breakGlass) {
        logger.warn({ ...context, name: identity.name }, 'ALARM: a break-glass user signs in')
        await audit.record({ ...facts, type: 'break-glass-used' })
      }
      await audit.record({ ...facts, groups: identity.groups, type: 'signed-in' })
      metrics.signIn(identity.method, 'signed-in')
    },
    async refused({ context }, form, name, error) {
      const limited = error instanceof TooManyRequests
      metrics.signIn(form.id, limited ? 'limited' : 'refused')
      await audit.record({
        ...context,
        people: form.people,
        method: form.id,
        // A name that nobody has may well be a password in the wrong field.
        ...(form.knows(name) && { name }),
        code: error instanceof SignInFailed ? 'sign_in_failed' : error.code,
        ...(error.detail !== undefined && { detail: error.detail }),
        type: 'sign-in-refused',
      })
    },
    async signedOut({ context }, identity) {
      await audit.record({ ...context, ...factsOf(identity), type: 'signed-out' })
    },
  }
}

function factsOf({ person, name, method }: Identity): Omit<AuditFacts, 'requestId' | 'address'> {
  return { people: person.people, personId: person.id, name, method }
}
