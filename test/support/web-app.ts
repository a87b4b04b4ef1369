import type { Express } from 'express'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createBroker } from '../../src/broker.ts'
import type { Account, Grant, Role } from '../../src/entitlements/catalogue.ts'
import { createLocalForm, type LocalUser } from '../../src/identity/local-form.ts'
import { boundedHasher, type PasswordHasher } from '../../src/identity/password-verifier.ts'
import { usualSignInLimits } from '../../src/identity/sign-in-limits.ts'
import {
  createTerminalCodes,
  type TerminalCodes,
} from '../../src/identity/terminals/terminal-codes.ts'
import { createTerminals, type Terminals } from '../../src/identity/terminals/terminals.ts'
import { openState, type State } from '../../src/state/open-state.ts'
import { createBearerWay } from '../../src/web/api/bearer-way.ts'
import { createApp } from '../../src/web/app.ts'
import { createTerminalRecord } from '../../src/web/terminals/terminal-record.ts'
import type { WebDependencies, WebSettings } from '../../src/web/dependencies.ts'
import {
  catalogueOf,
  FakeConsole,
  FakeIssuer,
  FakeTrail,
  production,
  roleOf,
} from './broker-fakes.ts'
import { Browser } from './browser.ts'
import { RecordingLogger } from './recording-logger.ts'

const root = join(import.meta.dirname, '../..')

export const development = { id: '222222222222', name: 'Development', tone: 'calm' } as const

const terminalLife = { tokenSeconds: 900, absoluteSeconds: 43_200 }

const readOnly = roleOf('arn:aws:iam::111111111111:role/ReadOnly')
export const direct = roleOf('arn:aws:iam::222222222222:role/ReadOnly', {
  account: development,
  portalLink: 'direct',
})

/** Counts; a hash is the password with a word before it. */
class CountingHasher implements PasswordHasher {
  verified = 0
  running = 0
  most = 0
  /** Every hash takes at least until this has resolved. */
  gate: Promise<unknown> = Promise.resolve()

  async verify(hash: string, password: string): Promise<boolean> {
    this.verified += 1
    this.running += 1
    this.most = Math.max(this.most, this.running)
    await this.gate
    await delay(1)
    this.running -= 1
    return hash === `hash$of$${password}`
  }

  decoy(): Promise<string> {
    return Promise.resolve('decoy$of$nothing')
  }
}

export function userOf(name: string, overrides: Partial<LocalUser> = {}): LocalUser {
  return {
    name,
    passwordHash: `hash$of$${name}password`,
    displayName: undefined,
    email: undefined,
    groups: ['readers'],
    attributes: {},
    breakGlass: false,
    ...overrides,
  }
}

export interface WebOptions {
  /** What readers may have; by default one role that asks and one that is direct. */
  readonly roles?: readonly Role[]
  /** Accounts whose roles the method `corp` gives by its AWS role attribute. */
  readonly awsRoles?: readonly string[]
  /** Roles that exist and that nobody was granted. */
  readonly unheld?: readonly Role[]
  readonly users?: readonly LocalUser[]
  readonly settings?: Partial<WebSettings>
  readonly dependencies?: (built: WebDependencies, web: WebApp) => Partial<WebDependencies>
}

/** The whole web face on a free port of loopback, over state in memory, an AWS of fakes and a clock that stands. */
export class WebApp {
  readonly trail = new FakeTrail()
  readonly issuer = new FakeIssuer()
  readonly console = new FakeConsole()
  readonly hasher = new CountingHasher()
  readonly logger = new RecordingLogger()
  readonly state: State
  readonly requests: { route: string; method: string; status: number }[] = []
  readonly signIns: string[] = []
  readonly ticketRefusals: string[] = []
  readonly samlRefusals: string[] = []
  readonly certificateRefusals: string[] = []
  now = Date.parse('2026-11-20T09:00:00Z')
  draining = false
  readonly effects = {
    now: () => new Date(this.now),
    randomBytes: (length: number) => randomBytes(length),
  }
  server: Server | undefined
  readonly terminals: Terminals
  readonly codes: TerminalCodes

  constructor() {
    this.state = openState('sqlite::memory:', {
      now: () => new Date(this.now),
      sleep: (milliseconds) => delay(milliseconds),
    })
    const parts = { life: terminalLife, effects: this.effects }
    this.terminals = createTerminals({ store: this.state.terminals, ...parts })
    this.codes = createTerminalCodes({ store: this.state.terminalCodes, ...parts })
  }

  get origin(): string {
    const address = this.server?.address()
    if (!address || typeof address === 'string') throw new Error('not listening')
    return `http://127.0.0.1:${address.port}`
  }

  browser(): Browser {
    return new Browser(this.origin)
  }

  /** A browser in which bob is signed in. */
  async signedIn(name = 'bob'): Promise<Browser> {
    const browser = this.browser()
    const answer = await browser.signIn(name, `${name}password`)
    if (answer.status !== 303) throw new Error(`not signed in: ${answer.status} ${answer.text}`)
    return browser
  }

  pass(seconds: number): void {
    this.now += seconds * 1000
  }
}

export async function startWeb(options: WebOptions = {}): Promise<WebApp> {
  const web = new WebApp()
  const { app, port } = await listen(web)
  app.handler = createApp(dependenciesOf(web, options, port))
  return web
}

function dependenciesOf(web: WebApp, options: WebOptions, port: number): WebDependencies {
  const { effects } = web
  const catalogue = catalogueOf(...(options.roles ?? [readOnly, direct]))
  const unheld = options.unheld ?? []
  const given = (options.awsRoles ?? []).map((account): Grant => ({
    path: 'signIn[0].awsRoles',
    people: 'staff',
    grantee: { kind: 'aws-roles', method: 'corp', accounts: new Set([account]) },
    roles: [],
    template: readOnly,
  }))
  const roles = new Map([
    ...catalogue.roles,
    ...unheld.map((role): [string, Role] => [role.arn.arn, role]),
  ])
  const accounts = new Map<string, Account>([
    [production.id, production],
    [development.id, development],
  ])
  const settings: WebSettings = {
    publicUrl: new URL(`http://127.0.0.1:${port}`),
    trustedProxies: [],
    browserSession: { idleSeconds: 1800, absoluteSeconds: 28_800 },
    terminals: terminalLife,
    signInLimits: usualSignInLimits,
    formActionOrigins: ['https://signin.aws.amazon.com'],
    viewsFolder: join(root, 'views'),
    publicFolder: join(root, 'public'),
    stsEndpoint: undefined,
    organisation: undefined,
    help: undefined,
    banner: undefined,
    ...options.settings,
  }
  const built: WebDependencies = {
    settings,
    broker: createBroker({
      catalogue: { ...catalogue, roles, accounts, grants: [...catalogue.grants, ...given] },
      issuers: new Map([['hub', web.issuer]]),
      consoleSignIn: web.console,
      audit: web.trail,
      effects,
      logger: web.logger,
      metrics: { roleSession: () => undefined, consoleUrl: () => undefined },
      publicUrl: settings.publicUrl.origin,
    }),
    browserSessions: web.state.browserSessions,
    signInStates: web.state.signInStates,
    attempts: web.state.attempts,
    roleSessions: web.state.roleSessions,
    audit: web.trail,
    logger: web.logger,
    metrics: {
      request: (route, method, status) => {
        web.requests.push({ route, method, status })
      },
      ticketRefused: (method, code) => {
        web.ticketRefusals.push(`${method} ${code}`)
      },
      certificateRefused: (method, code) => {
        web.certificateRefusals.push(`${method} ${code}`)
      },
      samlRefused: (method, code) => {
        web.samlRefusals.push(`${method} ${code}`)
      },
      signIn: (method, outcome) => {
        web.signIns.push(`${method} ${outcome}`)
      },
    },
    effects,
    forms: [
      createLocalForm({
        id: 'local',
        label: 'Local account',
        people: 'staff',
        users: options.users ?? [userOf('bob'), userOf('alice')],
        hasher: boundedHasher(() => Promise.resolve(web.hasher), { running: 1, waiting: 4 }),
        now: effects.now,
      }),
    ],
    saml: [],
    certificates: [],
    terminals: web.terminals,
    terminalCodes: web.codes,
    apiWays: [
      createBearerWay(
        web.terminals,
        createTerminalRecord({ audit: web.trail, logger: web.logger }),
      ),
    ],
    signInOrder: ['local'],
    checks: [{ name: 'state', check: () => web.state.check() }],
    isDraining: () => web.draining,
  }
  return { ...built, ...options.dependencies?.(built, web) }
}

/** Listens before the app exists, so that the app can know its port. */
async function listen(web: WebApp) {
  const app: { handler: Express | undefined } = { handler: undefined }
  const server = createServer((request, response) => {
    void app.handler?.(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  web.server = server
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await web.state.close()
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  return { app, port: address.port }
}
