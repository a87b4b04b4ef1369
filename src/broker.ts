import type { AuditFacts } from './audit/audit-event.ts'
import { asGiven, sessionNameIn } from './broker/as-given.ts'
import type { BrokerParts } from './broker/broker-parts.ts'
import { createRecordedConsole } from './broker/recorded-console.ts'
import { createDecide } from './broker/recorded-decision.ts'
import { createIssueRecorded } from './broker/recorded-issue.ts'
import type { ConsoleLink } from './console/console-sign-in.ts'
import type { Entitlement, Role } from './entitlements/catalogue.ts'
import { entitlementsOf } from './entitlements/decide.ts'
import { reasons, type RequestContext } from './entitlements/decision-facts.ts'
import { type DurationPlan, planDurations } from './entitlements/durations.ts'
import { sessionParameters } from './entitlements/session-parameters.ts'
import { BrokerError } from './errors.ts'
import type { Identity } from './identity/identity.ts'
import type { ConsoleForms, Issuer } from './issuers/issuer.ts'
import type {
  ConsoleForm,
  ConsoleUrlOrder,
  Offer,
  RoleOffer,
  RoleSession,
  RoleSessionRequest,
} from './role-session.ts'

export type { RequestContext } from './entitlements/decision-facts.ts'
export type { Offer, RoleOffer, RoleSession, RoleSessionRequest } from './role-session.ts'

/** The one door to AWS. */
export interface Broker {
  /** Every role that the identity may have, with what it would last. */
  offers(identity: Identity): Promise<readonly Offer[]>
  /** Rejects with AccessDenied for a role not granted, the same whether or not it exists, and records that. */
  offer(identity: Identity, roleArn: string, context: RequestContext): Promise<RoleOffer>
  /** A destination allowed for the role, or the role's start page. Throws InvalidDestination. */
  checkDestination(role: Role, destination: string | undefined): string
  issue(
    identity: Identity,
    request: RoleSessionRequest,
    context: RequestContext,
  ): Promise<RoleSession>
  /**
   * A form that signs the browser in to the console, without credentials; decided and recorded like a role session.
   * Undefined where the role is granted and its issuer has no such way, or could not tell AWS its session policy by it.
   */
  consoleForm(
    identity: Identity,
    request: RoleSessionRequest,
    context: RequestContext,
  ): Promise<ConsoleForm | undefined>
  /** A new sign-in URL for a role session that lasts; decided and recorded anew. */
  consoleUrl(
    identity: Identity,
    order: ConsoleUrlOrder,
    context: RequestContext,
  ): Promise<ConsoleLink>
}

/**
 * The one door: decides, records the request, issues, records the issue, and only then releases. Nothing is issued that
 * was not decided, and nothing leaves that was not recorded: each step records by itself, and its failure is the end.
 */
export function createBroker(parts: BrokerParts): Broker {
  const { catalogue, issuers, audit, effects, logger } = parts
  const decide = createDecide(parts)
  const issueRecorded = createIssueRecorded(parts)
  const console = createRecordedConsole(parts)
  const { checkDestination } = console

  function issuerOf(role: Role): Issuer {
    const issuer = issuers.get(role.issuer)
    if (!issuer) throw new Error(`role ${role.arn.arn} names the unknown issuer ${role.issuer}`)
    return issuer
  }

  /** AWS takes no session policy from an assertion, and a console without it would be more than was decided. */
  function formsFor(role: Role): ConsoleForms | undefined {
    const { policy, policyArns } = role.session
    const narrowed = policy !== undefined || policyArns.length > 0
    return narrowed ? undefined : parts.consoleForms?.get(role.issuer)
  }

  async function planFor(role: Role, request: Partial<RoleSessionRequest>): Promise<DurationPlan> {
    const limits = await issuerOf(role).limits()
    const { duration, consoleDuration } = request
    return planDurations(role, { duration, consoleDuration }, limits)
  }

  async function offerOf(entitlement: Entitlement): Promise<Offer> {
    return { entitlement, plan: await planFor(entitlement.role, {}) }
  }

  /** A console that failed costs nobody the credentials; a trail that can't be written does. */
  function asShownFailure(error: unknown): BrokerError {
    if (error instanceof BrokerError && error.name !== 'AuditUnavailable') return error
    if (error instanceof BrokerError) throw error
    logger.error({ err: error }, 'the console sign-in URL could not be made')
    throw error
  }

  return {
    async offers(identity) {
      return Promise.all(entitlementsOf(identity, catalogue).map(offerOf))
    },

    async offer(signedIn, roleArn, context) {
      const question = { identity: signedIn, roleArn, context }
      const { plan } = await decide(question, async (entitlement, identity) => {
        const { roleSessionName } = sessionParameters(identity, entitlement.role, catalogue)
        return { ...(await offerOf(entitlement)), roleSessionName }
      })
      return plan
    },

    checkDestination,

    async issue(signedIn, request, context) {
      const question = { identity: signedIn, roleArn: request.role, context }
      const decision = await decide(question, async ({ role }, identity) => ({
        parameters: sessionParameters(identity, role, catalogue),
        destination: request.console ? checkDestination(role, request.destination) : undefined,
        durations: await planFor(role, request),
      }))
      const { entitlement, identity, asked } = decision
      const { role } = entitlement
      const { parameters, destination, durations } = decision.plan
      const { roleSessionName, sourceIdentity } = parameters
      const id = effects.randomBytes(16).toString('base64url')
      const facts: AuditFacts = {
        ...asked,
        ...reasons(entitlement),
        issuer: role.issuer,
        roleSession: id,
        roleSessionName,
        ...(sourceIdentity && { sourceIdentity }),
        credentialsSeconds: durations.credentials.seconds,
        ...(destination && { consoleSeconds: durations.console.seconds, destination }),
      }
      const durationSeconds = durations.credentials.seconds
      const { person } = identity
      const order = { role, issuer: issuerOf(role), person, parameters, durationSeconds }
      const { issued, released } = await issueRecorded(order, facts, context)
      const { credentials, assumedRoleArn, notes } = issued
      const issuedAt = effects.now()
      const plan = asGiven(durations, issued)
      const consoleOrder: ConsoleUrlOrder = {
        roleSession: id,
        roleArn: role.arn.arn,
        credentials,
        issuedAt,
        consoleSeconds: plan.console.seconds,
        sendDuration: plan.console.send,
        destination,
        region: request.region,
      }
      return {
        id,
        role,
        credentials,
        assumedRoleArn,
        roleSessionName: sessionNameIn(assumedRoleArn),
        issuedAt,
        plan,
        notes,
        region: request.region ?? role.region,
        console: request.console
          ? await console.link(role, consoleOrder, released).catch(asShownFailure)
          : undefined,
      }
    },

    async consoleForm(signedIn, request, context) {
      const question = { identity: signedIn, roleArn: request.role, context }
      const decision = await decide(question, async ({ role }, identity) => {
        const forms = formsFor(role)
        return (
          forms && {
            forms,
            parameters: sessionParameters(identity, role, catalogue),
            destination: checkDestination(role, request.destination),
            durationSeconds: (await planFor(role, request)).console.seconds,
          }
        )
      })
      const { entitlement, identity, asked, plan } = decision
      if (!plan) return undefined
      const { role } = entitlement
      const { forms, parameters, destination, durationSeconds } = plan
      const { sourceIdentity, roleSessionName } = parameters
      const facts: AuditFacts = {
        ...asked,
        ...reasons(entitlement),
        issuer: role.issuer,
        roleSessionName,
        ...(sourceIdentity !== undefined && { sourceIdentity }),
        consoleSeconds: durationSeconds,
        destination,
      }
      await audit.record({ ...facts, type: 'console-url-requested' })
      const { person } = identity
      const order = { ...parameters, person, durationSeconds, destination }
      return console.form(role, forms, order, facts)
    },

    async consoleUrl(signedIn, order, context) {
      const { roleSession, roleArn, credentials } = order
      const known = { roleSession, accessKeyId: credentials.accessKeyId }
      const question = { identity: signedIn, roleArn, context, facts: known }
      const { entitlement, asked } = await decide(question, () => undefined)
      const facts = { ...asked, ...reasons(entitlement) }
      await audit.record({ ...facts, type: 'console-url-requested' })
      return console.link(entitlement.role, order, facts)
    },
  }
}
