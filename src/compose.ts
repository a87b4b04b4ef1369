import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { openAuditTrail } from './audit/chained-audit-trail.ts'
import { startHeadLog } from './audit/head-log.ts'
import { createBroker } from './broker.ts'
import { composeAccounts } from './compose-accounts.ts'
import type { CertificateListener } from './compose-certificate-method.ts'
import {
  composeCertificates,
  type ComposedCertificates,
  forwardedWays,
} from './compose-certificates.ts'
import { composeDirectories, directoryChecks, directoryNews } from './compose-directories.ts'
import { composeIssuers } from './compose-issuers.ts'
import { composeKerberos } from './compose-kerberos.ts'
import { composeSaml } from './compose-saml.ts'
import type { Config, LocalMethodConfig } from './config/config.ts'
import { toCatalogue } from './config/to-catalogue.ts'
import { createConsoleSignIn } from './console/federation-endpoint.ts'
import { startPageFaults } from './console/start-pages.ts'
import { signInOrigins } from './console/sign-in-origins.ts'
import { partitions } from './entitlements/arn.ts'
import { InvalidDestination } from './errors.ts'
import { type Effects, openNetwork, realEffects } from './effects.ts'
import type { Gssapi } from './identity/kerberos/gssapi.ts'
import { createLocalForm, type FormSignIn } from './identity/local-form.ts'
import { watchCertificates } from './identity/saml/saml-certificates.ts'
import { boundedHasher, loadArgon2, type PasswordHasher } from './identity/password-verifier.ts'
import { createTerminalCodes } from './identity/terminals/terminal-codes.ts'
import { createTerminals } from './identity/terminals/terminals.ts'
import { openState } from './state/open-state.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'
import { measuredConsoleSignIn } from './telemetry/measured-aws-calls.ts'
import { Metrics } from './telemetry/metrics.ts'
import { createBearerWay } from './web/api/bearer-way.ts'
import { createApp } from './web/app.ts'
import { createCertificateApp } from './web/client-certificate/certificate-app.ts'
import type { WebDependencies, WebSettings } from './web/dependencies.ts'
import { createTerminalRecord } from './web/terminals/terminal-record.ts'
import { createOperationsApp, createReadiness } from './web/health.ts'
import { createSignInRecord } from './web/sign-in-record.ts'

/** The whole server, not yet listening. */
export interface Postern {
  readonly app: ReturnType<typeof createApp>
  readonly operations: ReturnType<typeof createOperationsApp>
  /** What else listens, and how: for client certificates. */
  readonly certificates: Pick<ComposedCertificates, 'proxyClients' | 'onChange' | 'reload'> & {
    readonly listeners: readonly (CertificateListener & {
      readonly app: ReturnType<typeof createApp>
    })[]
  }
  readonly logger: Logger
  readonly effects: Effects
  /** From now on readiness is red and answers close their connections. */
  drain(): void
  /** Waits for what is on its way to the database, then lets everything go. */
  close(): Promise<void>
}

/** What a test may hold still or look into. */
export interface Overrides {
  readonly effects?: Partial<Effects>
  readonly logger?: Logger
  readonly auditStdout?: (line: string) => void
  readonly gssapi?: () => Promise<Gssapi>
}

const sweepEveryMilliseconds = 5 * 60_000

/** Builds every object of the server once. Throws BrokerError when state or trail can't be opened. */
export async function compose(config: Config, overrides: Overrides = {}): Promise<Postern> {
  const faults = startPageFaults(config.roles.values(), config.aws.endpoints.console)
  if (faults.length > 0) throw new InvalidDestination(faults.join('\n'))
  const network = openNetwork({
    ...config.network,
    httpProxy: config.network.httpProxy?.reveal(),
    httpsProxy: config.network.httpsProxy?.reveal(),
  })
  const effects: Effects = { ...realEffects(network), ...overrides.effects }
  const logger = overrides.logger ?? createLogger({ level: config.log.level })
  const metrics = new Metrics()
  const state = openState(config.state, effects, {
    onFailure: () => {
      metrics.stateWriteFailed()
    },
  })
  const audit = await openAuditTrail({
    state,
    key: config.audit.key.bytes(),
    instance: config.audit.instance,
    effects,
    logger,
    stdout: config.audit.stdout ? (overrides.auditStdout ?? writeLine) : undefined,
  })
  const tellCall: Metrics['awsCall'] = (...call) => {
    metrics.awsCall(...call)
  }
  const {
    issuers,
    identityProviders,
    faults: issuerFaults,
  } = composeIssuers({
    config,
    effects,
    logger,
    audit,
    claims: state.claims,
    tellCall,
  })
  const directories = composeDirectories(config, { attempts: state.attempts, effects })
  const broker = createBroker({
    catalogue: toCatalogue(config),
    issuers,
    accounts: composeAccounts(config, directories, effects.now),
    consoleForms: identityProviders,
    consoleSignIn: measuredConsoleSignIn(
      createConsoleSignIn({
        endpoints: config.aws.endpoints,
        methodByPartition: config.aws.federationMethod,
        effects,
        logger,
        timeouts: { answer: config.network.answerTimeout },
      }),
      tellCall,
      effects.now,
    ),
    audit,
    effects,
    logger,
    metrics,
    publicUrl: config.publicUrl,
  })
  const saml = await composeSaml(config, {
    claims: state.claims,
    states: state.signInStates,
    effects,
    logger,
  })
  metrics.samlCertificates(saml.certificates)
  metrics.directories(() => directoryNews(directories))
  const certificateWatch = watchCertificates(saml.certificates, effects, logger)
  const kerberos = await composeKerberos(config, {
    directories,
    claims: state.claims,
    effects,
    logger,
    load: overrides.gssapi,
  })
  const certificates = await composeCertificates(config, { directories, effects, logger })
  metrics.revocationLists(() => certificates.lists())
  const record = createSignInRecord({ audit, logger, metrics })
  let draining = false
  const terminalParts = { life: config.sessions.terminals, effects }
  const terminals = createTerminals({ ...terminalParts, store: state.terminals })
  const web: WebDependencies = {
    ...state,
    settings: webSettings(config),
    broker,
    audit,
    logger,
    metrics,
    effects,
    forms: [...localForms(config, effects), ...directories.values()],
    saml: saml.methods,
    kerberos: kerberos.method,
    certificates: certificates.methods,
    terminals,
    terminalCodes: createTerminalCodes({ ...terminalParts, store: state.terminalCodes }),
    apiWays: [
      createBearerWay(terminals, createTerminalRecord({ audit })),
      ...kerberos.apiWays(record),
      ...forwardedWays(certificates.methods, metrics, record),
    ],
    passesOn: passesOn(config),
    identityProvider: [...identityProviders.values()][0],
    signInOrder: config.signIn.map(({ id }) => id),
    checks: [
      { name: 'state', check: () => state.check() },
      { name: 'audit trail', check: () => audit.check() },
      ...saml.checks,
      ...directoryChecks(config, directories),
      ...kerberos.checks,
      ...certificates.checks,
      { name: 'AWS', vital: false, check: () => noFaults(issuerFaults()) },
    ],
    isDraining: () => draining,
  }
  const headLog = startHeadLog(audit, logger, {
    onHead: (seq) => {
      metrics.auditHead(seq)
    },
  })
  const sweep = setInterval(() => {
    state.sweep(effects.now().getTime()).catch((error: unknown) => {
      logger.error({ err: error }, 'what has expired could not be deleted')
    })
  }, sweepEveryMilliseconds)
  sweep.unref()
  return {
    app: createApp(web),
    operations: createOperationsApp({
      readiness: createReadiness(web.checks, effects.now),
      isDraining: web.isDraining,
      metrics,
    }),
    certificates: {
      ...certificates,
      listeners: certificates.listeners.map((listener) => ({
        ...listener,
        app: createCertificateApp(listener.method, web),
      })),
    },
    logger,
    effects,
    drain: () => {
      draining = true
    },
    close: async () => {
      clearInterval(sweep)
      certificateWatch[Symbol.dispose]()
      saml.close()
      certificates.close()
      headLog[Symbol.dispose]()
      await audit.flush().catch(() => undefined)
      await state.close()
      await network.close()
    },
  }
}

/** Sign-in methods whose responses are kept for AWS. */
function passesOn({ issuers }: Config): ReadonlySet<string> {
  const methods = [...issuers.values()].flatMap((issuer) =>
    issuer.type === 'assume-role-with-saml' && issuer.assertions.from === 'sign-in'
      ? issuer.assertions.method
      : [],
  )
  return new Set(methods)
}

/** Told, and yet no reason to send people elsewhere: another instance would reach AWS no better. */
function noFaults(found: readonly string[]): Promise<void> {
  return found.length === 0 ? Promise.resolve() : Promise.reject(new Error(found.join('; ')))
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

function localForms(config: Config, effects: Effects): readonly FormSignIn[] {
  // One core stays free for everybody else, and one queue bounds all forms together.
  const running = Math.max(1, availableParallelism() - 1)
  const hasher = boundedHasher(() => loadArgon2(effects.randomBytes), { running, waiting: 64 })
  return config.signIn.flatMap((method) =>
    method.type === 'local' ? [formOf(method, hasher, effects)] : [],
  )
}

function formOf(method: LocalMethodConfig, hasher: PasswordHasher, effects: Effects): FormSignIn {
  const users = method.users.map((user) => ({ ...user, passwordHash: user.passwordHash.reveal() }))
  return createLocalForm({ ...method, users, hasher, now: effects.now })
}

function webSettings(config: Config): WebSettings {
  const { sessions, limits, aws } = config
  const root = join(import.meta.dirname, '..')
  const named = [...config.roles.keys(), ...config.grants.flatMap(({ roles }) => roles)]
  const used = partitions.filter((id) => named.some((arn) => arn.startsWith(`arn:${id}:`)))
  return {
    publicUrl: new URL(config.publicUrl),
    trustedProxies: config.trustedProxies,
    browserSession: sessions,
    terminals: sessions.terminals,
    signInLimits: { address: limits.signIn.perAddress, name: limits.signIn.perUser },
    formActionOrigins: signInOrigins(used, aws.endpoints),
    viewsFolder: join(root, 'views'),
    publicFolder: join(root, 'public'),
    organisation: config.organisation,
    help: config.help,
    banner: config.banner,
    sandbox: false,
    stsEndpoint: aws.endpoints.sts,
  }
}
