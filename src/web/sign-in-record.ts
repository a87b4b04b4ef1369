import type { AuditFacts } from '../audit/audit-event.ts'
import { type BrokerError, SignInFailed, TooManyRequests } from '../errors.ts'
import { CertificateRefusal } from '../identity/client-certificate/certificate-refusal.ts'
import { DirectoryRefusal } from '../identity/directory/directory-fault.ts'
import type { Identity } from '../identity/identity.ts'
import { KerberosRefusal } from '../identity/kerberos/kerberos-refusal.ts'
import { SamlRefusal } from '../identity/saml/saml-refusal.ts'
import type { WebDependencies } from './dependencies.ts'
import type { Exchange } from './exchange.ts'

/** The sign-in method that was tried. */
interface Tried {
  readonly id: string
  readonly people: string
}

/** Sign-ins and sign-outs in the trail, the log and the metrics. Rejects with AuditUnavailable. */
export interface SignInRecord {
  /** Durable before the browser session begins. */
  signedIn(
    exchange: Exchange,
    identity: Identity,
    more?: Pick<AuditFacts, 'certificateSerial'>,
  ): Promise<void>
  /** `name` only where it is somebody's: what nobody is called may well be a password in the wrong field. */
  refused(exchange: Exchange, tried: Tried, error: BrokerError, name?: string): Promise<void>
  /** A provider's message that would have ended sessions. */
  signOutRefused(exchange: Exchange, tried: Tried, error: BrokerError): Promise<void>
  signedOut(exchange: Exchange, identity: Identity): Promise<void>
}

export function createSignInRecord(
  parts: Pick<WebDependencies, 'audit' | 'logger' | 'metrics'>,
): SignInRecord {
  const { audit, logger, metrics } = parts
  return {
    async signedIn({ context }, identity, more = {}) {
      const facts = { ...context, ...factsOf(identity), ...more }
      if (identity.breakGlass) {
        logger.warn({ ...context, name: identity.name }, 'ALARM: a break-glass user signs in')
        await audit.record({ ...facts, type: 'break-glass-used' })
      }
      await audit.record({ ...facts, groups: identity.groups, type: 'signed-in' })
      metrics.signIn(identity.method, 'signed-in')
    },
    async refused({ context }, tried, error, known) {
      const name = accountOf(error) ?? known
      const limited = error instanceof TooManyRequests
      metrics.signIn(tried.id, limited ? 'limited' : 'refused')
      await audit.record({
        ...context,
        ...refusalOf(tried, error),
        ...(name !== undefined && { name }),
        type: 'sign-in-refused',
      })
    },
    async signOutRefused({ context }, tried, error) {
      await audit.record({ ...context, ...refusalOf(tried, error), type: 'sign-out-refused' })
    },
    async signedOut({ context }, identity) {
      await audit.record({ ...context, ...factsOf(identity), type: 'signed-out' })
    },
  }
}

function refusalOf({ id, people }: Tried, error: BrokerError) {
  return {
    people,
    method: id,
    code: codeOf(error),
    ...(error.detail !== undefined && { detail: error.detail }),
  }
}

/** Where a directory was asked, and found whom it is about. */
function accountOf(error: BrokerError): string | undefined {
  const found = error instanceof CertificateRefusal ? error.cause : error
  const asked = found instanceof DirectoryRefusal || found instanceof KerberosRefusal
  return asked ? found.account : undefined
}

function codeOf(error: BrokerError): string {
  if (error instanceof SamlRefusal || error instanceof DirectoryRefusal) return error.refusal
  if (error instanceof KerberosRefusal || error instanceof CertificateRefusal) return error.refusal
  return error instanceof SignInFailed ? 'sign_in_failed' : error.code
}

function factsOf({ person, name, method }: Identity): Omit<AuditFacts, 'requestId' | 'address'> {
  return { people: person.people, personId: person.id, name, method }
}
