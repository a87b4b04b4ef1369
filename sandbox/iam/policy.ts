import { z } from 'zod'

const oneOrMore = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]))

const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const conditionValues = z
  .union([conditionValue, z.array(conditionValue)])
  .transform((value) => (Array.isArray(value) ? value : [value]))

const principals = z.strictObject({
  AWS: oneOrMore.optional(),
  Service: oneOrMore.optional(),
  Federated: oneOrMore.optional(),
  CanonicalUser: oneOrMore.optional(),
})
const principal = z.preprocess((value) => (value === '*' ? { AWS: '*' } : value), principals)

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: oneOrMore.optional(),
    NotAction: oneOrMore.optional(),
    Resource: oneOrMore.optional(),
    NotResource: oneOrMore.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
  })
  .refine((s) => (s.Action === undefined) !== (s.NotAction === undefined))
  .refine((s) => s.Principal === undefined || s.NotPrincipal === undefined)
  .refine((s) => s.Resource === undefined || s.NotResource === undefined)
  // Trust policies allow with NotPrincipal nobody: it would name the whole world.
  .refine((s) => s.Effect === 'Deny' || s.NotPrincipal === undefined)

const policy = z.strictObject({
  Version: z.enum(['2008-10-17', '2012-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z
    .union([statement, z.array(statement).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value])),
})

const hasResource = (s: Statement): boolean =>
  s.Resource !== undefined || s.NotResource !== undefined
const hasPrincipal = (s: Statement): boolean =>
  s.Principal !== undefined || s.NotPrincipal !== undefined

export type Policy = z.infer<typeof policy>
export type Statement = Policy['Statement'][number]
export type PrincipalElement = NonNullable<Statement['Principal']>

/** Who may assume a role: each statement names principals, none names resources. Undefined when it is malformed. */
export function parseTrustPolicy(json: unknown): Policy | undefined {
  const parsed = policy.safeParse(json)
  if (!parsed.success) return undefined
  const fits = parsed.data.Statement.every((s) => hasPrincipal(s) && !hasResource(s))
  return fits ? parsed.data : undefined
}

/** What somebody may do (identity and session policies). Undefined when it is malformed. */
export function parseIdentityPolicy(json: unknown): Policy | undefined {
  const parsed = policy.safeParse(json)
  if (!parsed.success) return undefined
  const fits = parsed.data.Statement.every((s) => !hasPrincipal(s) && hasResource(s))
  return fits ? parsed.data : undefined
}
