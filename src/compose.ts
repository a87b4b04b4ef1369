import { openAuditTrail } from './audit/chained-audit-trail.ts'
import { startHeadLog } from './audit/head-log.ts'
import type { CertificateListener } from './compose/certificate-method.ts'
import type { ComposedCertificates } from './compose/certificates.ts'
import { composeBroker } from './compose/broker.ts'
import { composeSignIn } from './compose/sign-in.ts'
import { passesOn, webSettings } from './compose/web-settings.ts'
import type { Config } from './config/config.ts'
import { startPageFaults } from './console/start-pages.ts'
import { InvalidDestination } from './errors.ts'
import { type Effects, openNetwork, realEffects } from './effects.ts'
import type { Gssapi } from './identity/kerberos/gssapi.ts'
import { createTerminalCodes } from './identity/terminals/terminal-codes.ts'
import { createTerminals } from './identity/terminals/terminals.ts'
import { openState } from './state/open-state.ts'
import { createLogger, type Logger } from './telemetry/logger.ts'
import { Metrics } from './telemetry/metrics.ts'
import { createBearerWay } from './web/api/bearer-way.ts'
import { createApp } from './web/app.ts'
import { createCertificateApp } from './web/client-certificate/certificate-app.ts'
import type { WebDependencies } from './web/dependencies.ts'
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
  const { gssapi } = overrides
  const signIn = await composeSignIn(config, { state, effects, logger, metrics, gssapi })
  const { accounts, certificates } = signIn
  const door = composeBroker(config, {
    claims: state.claims,
    accounts,
    audit,
    effects,
    logger,
    metrics,
  })
  const record = createSignInRecord({ audit, logger, metrics })
  const terminalParts = { life: config.sessions.terminals, effects }
  const terminals = createTerminals({ ...terminalParts, store: state.terminals })
  let draining = false
  const web: WebDependencies = {
    ...state,
    ...signIn,
    ...door,
    settings: webSettings(config),
    audit,
    logger,
    metrics,
    effects,
    certificates: certificates.methods,
    terminals,
    terminalCodes: createTerminalCodes({ ...terminalParts, store: state.terminalCodes }),
    apiWays: [
      createBearerWay(terminals, createTerminalRecord({ audit, logger })),
      ...signIn.apiWays(record),
    ],
    passesOn: passesOn(config),
    signInOrder: config.signIn.map(({ id }) => id),
    checks: [
      { name: 'state', check: () => state.check() },
      { name: 'audit trail', check: () => audit.check() },
      ...signIn.checks,
      ...door.checks,
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
      signIn.close()
      headLog[Symbol.dispose]()
      await audit.flush().catch(() => undefined)
      await state.close()
      await network.close()
    },
  }
}

function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}
