import { z } from 'zod'
import type { ConsoleLink } from '../../role-session.ts'
import { partitions } from '../../entitlements/arn.ts'
import { AwsRefused, BrokerError } from '../../errors.ts'
import type { RoleSession } from '../../role-session.ts'

const duration = { seconds: z.int(), maxSeconds: z.int(), why: z.string() }
const texts = z.array(z.string())

const consoleFacts = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('link'),
    /** Milliseconds since the epoch: of the URL, and of the console session. */
    urlExpiresAt: z.int(),
    endsAt: z.int(),
    seconds: z.int(),
    destination: z.string(),
    notes: texts,
  }),
  z.object({
    kind: z.literal('failed'),
    message: z.string(),
    causes: texts,
    remedies: texts,
  }),
  z.object({ kind: z.literal('none') }),
])

const roleSessionFacts = z.object({
  id: z.string(),
  requestId: z.string(),
  account: z.object({
    id: z.string(),
    name: z.string(),
    tone: z.enum(['neutral', 'calm', 'caution', 'danger']),
  }),
  role: z.object({ arn: z.string(), name: z.string(), partition: z.enum(partitions) }),
  roleSessionName: z.string(),
  assumedRoleArn: z.string(),
  /** Milliseconds since the epoch. */
  issuedAt: z.int(),
  expiresAt: z.int(),
  plan: z.object({
    credentials: z.object(duration),
    console: z.object({ ...duration, send: z.boolean() }),
  }),
  notes: texts,
  region: z.string().optional(),
  console: consoleFacts,
})

/** What the results page shows and nobody may abuse. It is stored as it is; the secrets are sealed beside it. */
export type RoleSessionFacts = z.infer<typeof roleSessionFacts>

/** The facts of a role session that was issued just now. */
export function factsOf(session: RoleSession, requestId: string): RoleSessionFacts {
  const { role, plan } = session
  const { id, name, tone } = role.account
  return {
    id: session.id,
    requestId,
    account: { id, name, tone },
    role: { arn: role.arn.arn, name: role.arn.name, partition: role.arn.partition },
    roleSessionName: session.roleSessionName,
    assumedRoleArn: session.assumedRoleArn,
    issuedAt: session.issuedAt.getTime(),
    expiresAt: session.credentials.expiration.getTime(),
    plan,
    notes: [...session.notes],
    ...(session.region !== undefined && { region: session.region }),
    console: consoleFactsOf(session.console),
  }
}

/** The same with what came of a new sign-in URL. */
export function withConsole(
  facts: RoleSessionFacts,
  console: ConsoleLink | BrokerError,
): RoleSessionFacts {
  return { ...facts, console: consoleFactsOf(console) }
}

/** Facts as they were stored; undefined when an older or newer version wrote what this one can't read. */
export function readFacts(stored: string): RoleSessionFacts | undefined {
  try {
    return roleSessionFacts.safeParse(JSON.parse(stored)).data
  } catch {
    return undefined
  }
}

function consoleFactsOf(console: RoleSession['console']): RoleSessionFacts['console'] {
  if (!console) return { kind: 'none' }
  if (console instanceof BrokerError) {
    const advice = console instanceof AwsRefused ? console : { causes: [], remedies: [] }
    const { causes, remedies } = advice
    return {
      kind: 'failed',
      message: console.message,
      causes: [...causes],
      remedies: [...remedies],
    }
  }
  return {
    kind: 'link',
    urlExpiresAt: console.urlExpiration.getTime(),
    endsAt: console.consoleExpiration.getTime(),
    seconds: console.consoleSeconds,
    destination: console.destination,
    notes: [...console.notes],
  }
}
