import { createBroker } from '../src/broker.ts'
import type { Accounts } from '../src/broker/broker-parts.ts'
import type { ConsoleUrlOrder, RoleSessionRequest } from '../src/role-session.ts'
import {
  catalogueOf,
  FakeConsole,
  FakeIssuer,
  FakeTrail,
  identityOf,
  roleOf,
  secretAccessKey,
} from './support/broker-fakes.ts'
import { silentLogger } from './support/silent-logger.ts'

export const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
export const context = { requestId: 'request-1', address: '127.0.0.1' }
export const bob = identityOf('bob')
/** What bob asks for at it. */
export const ask: RoleSessionRequest = {
  role: readOnly,
  duration: undefined,
  console: true,
  consoleDuration: undefined,
  destination: undefined,
  region: undefined,
}

/** A new sign-in URL for the role session that bob was issued. */
export const order: ConsoleUrlOrder = {
  roleSession: 'role-session-1',
  roleArn: readOnly,
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey,
    sessionToken: 'token',
    expiration: new Date('2026-11-20T10:00:00Z'),
  },
  issuedAt: new Date('2026-11-20T09:00:00Z'),
  consoleSeconds: 43_200,
  sendDuration: true,
  destination: undefined,
  region: undefined,
}

/** The one door, with fakes behind it that tell in one log what they were asked. */
export function door(role = roleOf(readOnly), accounts?: Accounts) {
  const log: string[] = []
  const audit = new FakeTrail(log)
  const issuer = new FakeIssuer(log)
  const consoleSignIn = new FakeConsole(log)
  const counted: string[] = []
  const broker = createBroker({
    catalogue: catalogueOf(role),
    issuers: new Map([['hub', issuer]]),
    consoleSignIn,
    ...(accounts && { accounts }),
    audit,
    effects: {
      now: () => new Date('2026-11-20T09:00:00Z'),
      randomBytes: (length) => Buffer.alloc(length, 7),
    },
    logger: silentLogger,
    metrics: {
      roleSession: (name, outcome) => counted.push(`${name} ${outcome}`),
      consoleUrl: (outcome) => counted.push(`console ${outcome}`),
    },
    publicUrl: 'https://aws.corp.example',
  })
  return { broker, audit, issuer, consoleSignIn, log, counted }
}
