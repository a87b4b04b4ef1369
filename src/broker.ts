import type { AuditFacts, AuditTrail } from './audit/audit-event.ts'
import type { ConsoleLink, ConsoleSignIn } from './console/console-sign-in.ts'
import type { Catalogue, Entitlement, Role } from './entitlements/catalogue.ts'
import { authorize, entitlementsOf } from './entitlements/decide.ts'
import { failure, reasons, type RequestContext, whoAsks } from './entitlements/decision-facts.ts'
import { type DurationPlan, planDurations } from './entitlements/durations.ts'
import { type SessionParameters, sessionParameters } from './entitlements/session-parameters.ts'
import type { Effects } from './effects.ts'
import { AccessDenied, BrokerError } from './errors.ts'
import type { Identity } from './identity/identity.ts'
import type { ConsoleForms, Issued, Issuer } from './issuers/issuer.ts'
import type {
  ConsoleForm,
  ConsoleUrlOrder,
  Offer,
  RoleOffer,
  RoleSession,
  RoleSessionRequest,
} from './role-session.ts'
import type { Logger } from './telemetry/logger.ts'

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

/** What happened, for the metrics. */
export interface BrokerMetrics {
  roleSession(issuer: string, outcome: 'issued' | 'refused' | 'failed'): void
  consoleUrl(outcome: 'issued' | 'failed'): void
}

export interface BrokerParts {
  readonly catalogue: Catalogue
  readonly issuers: ReadonlyMap<string, Issuer>
  readonly consoleForms?: ReadonlyMap<string, ConsoleForms>
  readonly consoleSignIn: ConsoleSignIn
  readonly audit: AuditTrail
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
  readonly logger: Logger
  readonly metrics: BrokerMetrics
  /** Where people reach Postern, without a slash at the end. */
  readonly publicUrl: string
}

/**
 * The one door: decides, records the request, issues, records the issue, and only then releases. Nothing is issued that
 * was not decided, and nothing leaves that was not recorded: each `record` here is awaited, and its failure is the end.
 */
export function createBroker(parts: BrokerParts): Broker {
  const { catalogue, issuers, consoleSignIn, audit, effects, logger, metrics } = parts

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

  /** Decides, and records a refusal before it is told. */
  async function decide<Decision>(
    identity: Identity,
    roleArn: string,
    facts: AuditFacts,
    decideFor: (entitlement: Entitlement) => Promise<Decision> | Decision,
  ): Promise<Decision> {
    try {
      const entitlement = authorize(identity, catalogue, roleArn)
      if (!entitlement) throw notGranted()
      return await decideFor(entitlement)
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      metrics.roleSession('none', 'refused')
      await audit.record({ ...facts, ...failure(error), type: 'role-session-refused' })
      throw error
    }
  }

  async function planFor(role: Role, request: Partial<RoleSessionRequest>): Promise<DurationPlan> {
    const limits = await issuerOf(role).limits()
    const { duration, consoleDuration } = request
    return planDurations(role, { duration, consoleDuration }, limits)
  }

  async function offerOf(entitlement: Entitlement): Promise<Offer> {
    return { entitlement, plan: await planFor(entitlement.role, {}) }
  }

  function issuerUrl(role: Role): string {
    const query = new URLSearchParams({ account: role.account.id, role: role.arn.name })
    return `${parts.publicUrl}/?${query.toString()}`
  }

  /** Opens the console and records that before the URL is released. */
  async function openConsole(
    role: Role,
    order: ConsoleUrlOrder,
    facts: AuditFacts,
  ): Promise<ConsoleLink> {
    try {
      const link = await consoleSignIn.open({
        credentials: order.credentials,
        partition: role.arn.partition,
        region: order.region ?? role.region,
        destination: checkDestination(role, order.destination),
        sessionDurationSeconds: order.sendDuration ? order.consoleSeconds : undefined,
        issuerUrl: issuerUrl(role),
      })
      const { destination, consoleSeconds } = link
      await audit.record({ ...facts, destination, consoleSeconds, type: 'console-url-issued' })
      metrics.consoleUrl('issued')
      return link
    } catch (error) {
      metrics.consoleUrl('failed')
      await audit.record({ ...facts, ...failure(error), type: 'console-url-failed' })
      throw error
    }
  }

  function checkDestination(role: Role, destination: string | undefined): string {
    return consoleSignIn.checkDestination(
      destination ?? role.startPage,
      role.arn.partition,
      role.region,
    )
  }

  return {
    async offers(identity) {
      return Promise.all(entitlementsOf(identity, catalogue).map(offerOf))
    },

    offer(identity, roleArn, context) {
      const asked = { ...whoAsks(identity, context), role: roleArn }
      return decide(identity, roleArn, asked, async (entitlement) => {
        const { roleSessionName } = sessionParameters(identity, entitlement.role, catalogue)
        return { ...(await offerOf(entitlement)), roleSessionName }
      })
    },

    checkDestination,

    async issue(identity, request, context) {
      const asked = { ...whoAsks(identity, context), role: request.role }
      const decision = await decide(identity, request.role, asked, async (entitlement) => {
        const { role } = entitlement
        const parameters = sessionParameters(identity, role, catalogue)
        const destination = request.console
          ? checkDestination(role, request.destination)
          : undefined
        return { entitlement, role, parameters, destination, plan: await planFor(role, request) }
      })
      const { entitlement, role, parameters, destination, plan } = decision
      const id = effects.randomBytes(16).toString('base64url')
      const facts: AuditFacts = {
        ...asked,
        ...reasons(entitlement),
        issuer: role.issuer,
        roleSession: id,
        roleSessionName: parameters.roleSessionName,
        ...(parameters.sourceIdentity && { sourceIdentity: parameters.sourceIdentity }),
        credentialsSeconds: plan.credentials.seconds,
        ...(destination && { consoleSeconds: plan.console.seconds, destination }),
      }
      await audit.record({ ...facts, type: 'role-session-requested' })
      const issued = await issue(identity, role, parameters, plan, facts, context)
      const { credentials, assumedRoleArn } = issued
      const roleSessionName = sessionNameIn(assumedRoleArn)
      const released = {
        ...facts,
        ...issued.facts,
        roleSessionName,
        credentialsSeconds: issued.durationSeconds,
        accessKeyId: credentials.accessKeyId,
        expiration: credentials.expiration.toISOString(),
        ...(issued.awsRequestId && { awsRequestId: issued.awsRequestId }),
      }
      const type = issued.reused ? 'credentials-handed-out' : 'role-session-issued'
      await audit.record({ ...released, type })
      metrics.roleSession(role.issuer, 'issued')
      const issuedAt = effects.now()
      const given = asGiven(plan, issued)
      const order = {
        roleSession: id,
        roleArn: role.arn.arn,
        credentials,
        issuedAt,
        consoleSeconds: given.console.seconds,
        sendDuration: given.console.send,
        destination,
        region: request.region,
      }
      const console = request.console
        ? await openConsole(role, order, released).catch(asShownFailure)
        : undefined
      return {
        id,
        role,
        credentials,
        assumedRoleArn,
        roleSessionName,
        issuedAt,
        plan: given,
        notes: issued.notes,
        region: request.region ?? role.region,
        console,
      }
    },

    async consoleForm(identity, request, context) {
      const asked = { ...whoAsks(identity, context), role: request.role }
      const decision = await decide(identity, request.role, asked, async (entitlement) => {
        const { role } = entitlement
        const forms = formsFor(role)
        if (!forms) return undefined
        const parameters = sessionParameters(identity, role, catalogue)
        const destination = checkDestination(role, request.destination)
        return { entitlement, forms, parameters, destination, plan: await planFor(role, request) }
      })
      if (!decision) return undefined
      const { entitlement, forms, parameters, destination, plan } = decision
      const { role } = entitlement
      const { sourceIdentity, roleSessionName } = parameters
      const facts: AuditFacts = {
        ...asked,
        ...reasons(entitlement),
        issuer: role.issuer,
        roleSessionName,
        ...(sourceIdentity !== undefined && { sourceIdentity }),
        consoleSeconds: plan.console.seconds,
        destination,
      }
      await audit.record({ ...facts, type: 'console-url-requested' })
      try {
        const { response, recipient } = await forms.respond({
          ...parameters,
          role: role.arn,
          person: identity.person,
          durationSeconds: plan.console.seconds,
          region: role.region,
        })
        await audit.record({ ...facts, type: 'console-url-issued' })
        metrics.consoleUrl('issued')
        const fields = { SAMLResponse: response, RelayState: destination }
        return { role, url: recipient, fields }
      } catch (error) {
        metrics.consoleUrl('failed')
        await audit.record({ ...facts, ...failure(error), type: 'console-url-failed' })
        throw error
      }
    },

    async consoleUrl(identity, order, context) {
      const { accessKeyId } = order.credentials
      const asked = {
        ...whoAsks(identity, context),
        role: order.roleArn,
        roleSession: order.roleSession,
        accessKeyId,
      }
      const entitlement = await decide(identity, order.roleArn, asked, (found) => found)
      const facts = { ...asked, ...reasons(entitlement) }
      await audit.record({ ...facts, type: 'console-url-requested' })
      return openConsole(entitlement.role, order, facts)
    },
  }

  async function issue(
    identity: Identity,
    role: Role,
    parameters: SessionParameters,
    plan: DurationPlan,
    facts: AuditFacts,
    { asker, assertion }: RequestContext,
  ): Promise<Issued> {
    const durationSeconds = plan.credentials.seconds
    try {
      return await issuerOf(role).issue({
        ...parameters,
        role: role.arn,
        person: identity.person,
        durationSeconds,
        region: role.region,
        asker,
        assertion,
        facts,
      })
    } catch (error) {
      metrics.roleSession(role.issuer, 'failed')
      await audit.record({ ...facts, ...failure(error), type: 'role-session-failed' })
      throw error
    }
  }

  /** A console that failed costs nobody the credentials; a trail that can't be written does. */
  function asShownFailure(error: unknown): BrokerError {
    if (error instanceof BrokerError && error.name !== 'AuditUnavailable') return error
    if (error instanceof BrokerError) throw error
    logger.error({ err: error }, 'the console sign-in URL could not be made')
    throw error
  }
}

function notGranted(): AccessDenied {
  return new AccessDenied('You have no such role. Ask whoever looks after AWS access for a grant.')
}

/** The name that AWS gave: not every way to get credentials can choose it. */
function sessionNameIn(assumedRoleArn: string): string {
  return assumedRoleArn.slice(assumedRoleArn.lastIndexOf('/') + 1)
}

/** The plan with what AWS really gave. A console that ends with the credentials ends with them here too. */
function asGiven(plan: DurationPlan, issued: Issued): DurationPlan {
  const seconds = issued.durationSeconds
  if (seconds === plan.credentials.seconds) return plan
  const why = issued.notes.join(' ') || plan.credentials.why
  const console = plan.console.send ? plan.console : { ...plan.console, seconds, why }
  return { credentials: { ...plan.credentials, seconds, why }, console }
}
