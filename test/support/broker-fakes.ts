import type { AuditEvent, AuditTrail } from '../../src/audit/audit-event.ts'
import type { ConsoleLink, ConsoleOrder, ConsoleSignIn } from '../../src/console/console-sign-in.ts'
import { parseRoleArn, type RoleArn } from '../../src/entitlements/arn.ts'
import type { Catalogue, Grant, Role } from '../../src/entitlements/catalogue.ts'
import type { IssuerLimits } from '../../src/entitlements/durations.ts'
import { AuditUnavailable } from '../../src/errors.ts'
import type { Identity } from '../../src/identity/identity.ts'
import type { Issued, IssueOrder, Issuer } from '../../src/issuers/issuer.ts'

export function roleArn(text: string): RoleArn {
  const arn = parseRoleArn(text)
  if (!arn) throw new Error(`no role ARN: ${text}`)
  return arn
}

export const production = { id: '111111111111', name: 'Production', tone: 'danger' } as const

export function roleOf(text: string, overrides: Partial<Role> = {}): Role {
  return {
    arn: roleArn(text),
    account: production,
    description: undefined,
    issuer: 'hub',
    durations: {
      credentials: { default: 3600, max: 14_400 },
      console: { default: 43_200, max: 43_200 },
    },
    session: {
      sessionName: '${name}',
      sourceIdentity: undefined,
      tags: {},
      transitiveTagKeys: [],
      policy: undefined,
      policyArns: [],
      externalId: undefined,
    },
    startPage: undefined,
    region: undefined,
    portalLink: 'ask',
    ...overrides,
  }
}

export function identityOf(name: string, groups: readonly string[] = ['readers']): Identity {
  return {
    person: { people: 'staff', id: name },
    name,
    displayName: undefined,
    email: undefined,
    method: 'local',
    methodLabel: 'Local account',
    groups,
    attributes: {},
    authenticatedAt: 0,
    breakGlass: false,
  }
}

export function catalogueOf(...roles: readonly Role[]): Catalogue {
  const grant: Grant = {
    path: 'grants[0]',
    people: 'staff',
    grantee: { kind: 'group', group: 'readers' },
    roles: roles.map(({ arn }) => arn.arn),
    template: undefined,
  }
  return {
    accounts: new Map([[production.id, production]]),
    roles: new Map(roles.map((role) => [role.arn.arn, role])),
    grants: [grant],
    severalPeoples: false,
  }
}

/** Keeps what it is told, in order, among whatever else a test notes in `log`; fails on the types it is told to. */
export class FakeTrail implements AuditTrail {
  readonly events: AuditEvent[] = []
  readonly log: string[]
  failOn = new Set<string>()

  constructor(log: string[] = []) {
    this.log = log
  }

  record(event: AuditEvent): Promise<void> {
    if (this.failOn.has(event.type)) return Promise.reject(new AuditUnavailable('no space left'))
    this.events.push(event)
    this.log.push(event.type)
    return Promise.resolve()
  }
}

export const secretAccessKey = 'secret/of+the=session'

export class FakeIssuer implements Issuer {
  readonly name = 'hub'
  readonly orders: IssueOrder[] = []
  readonly log: string[]
  answer: Partial<Issued> | Error = {}
  limitsAnswer: IssuerLimits = { maxSeconds: 43_200, console: 'own-duration', why: undefined }

  constructor(log: string[] = []) {
    this.log = log
  }

  limits(): Promise<IssuerLimits> {
    return Promise.resolve(this.limitsAnswer)
  }

  issue(order: IssueOrder): Promise<Issued> {
    this.orders.push(order)
    this.log.push('AWS: AssumeRole')
    if (this.answer instanceof Error) return Promise.reject(this.answer)
    return Promise.resolve({
      credentials: {
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        secretAccessKey,
        sessionToken: 'token',
        expiration: new Date('2026-11-20T10:00:00Z'),
      },
      assumedRoleArn: `arn:aws:sts::${order.role.accountId}:assumed-role/${order.role.name}/${order.roleSessionName}`,
      awsRequestId: 'aws-request-1',
      durationSeconds: order.durationSeconds,
      notes: [],
      ...this.answer,
    })
  }
}

export class FakeConsole implements ConsoleSignIn {
  readonly orders: ConsoleOrder[] = []
  readonly log: string[]
  failure: Error | undefined

  constructor(log: string[] = []) {
    this.log = log
  }

  checkDestination(destination: string | undefined): string {
    return destination ?? 'https://console.aws.amazon.com/'
  }

  open(order: ConsoleOrder): Promise<ConsoleLink> {
    this.orders.push(order)
    this.log.push('AWS: getSigninToken')
    if (this.failure) return Promise.reject(this.failure)
    const consoleSeconds = order.sessionDurationSeconds ?? 3600
    return Promise.resolve({
      url: 'https://signin.aws.amazon.com/federation?Action=login&SigninToken=token',
      urlExpiration: new Date('2026-11-20T09:15:00Z'),
      consoleExpiration: new Date(Date.parse('2026-11-20T09:00:00Z') + consoleSeconds * 1000),
      consoleSeconds,
      destination: order.destination,
      notes: [],
    })
  }
}
