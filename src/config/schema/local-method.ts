import { z } from 'zod'
import { dereferenced } from '../references.ts'
import { Secret } from '../secret.ts'
import { common } from './method-common.ts'
import { flag, text } from './scalars.ts'

const argon2id =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$[\w+/]{11,86}\$[\w+/]{22,86}$/

/** Strong enough to keep, weak enough to check: from OWASP's weakest setting to 1 GiB and 16 passes. */
function isPasswordHash(value: string): boolean {
  const [, memory = 0, passes = 0, lanes = 0] = argon2id.exec(value)?.map(Number) ?? []
  return (
    memory >= 7168 &&
    memory <= 1_048_576 &&
    passes >= 1 &&
    passes <= 16 &&
    lanes >= 1 &&
    lanes <= 16
  )
}

const passwordHash = z
  .custom<unknown>(
    (value) => {
      const plain = dereferenced(value)
      return typeof plain === 'string' && isPasswordHash(plain)
    },
    { error: 'a line that postern-server hash-password prints ($argon2id$...)' },
  )
  .transform((value) => new Secret(String(dereferenced(value))))
  .meta({ type: 'string', writeOnly: true })

const group = text({ max: 1024 })
const attributeValue = text({ max: 256 })

const localUser = z.strictObject({
  name: text({
    max: 128,
    pattern: /^[^\s/\\][^/\\]*(?<!\s)$/u,
    expected: 'a name without slashes, and without spaces at its ends',
  }).describe('Name to type in, and the immutable ID of this person.'),
  passwordHash: passwordHash.describe('The line that postern-server hash-password prints.'),
  displayName: text({ max: 128 }).optional().describe('Name to show.'),
  email: text({
    max: 254,
    pattern: /^[^\s@]+@[^\s@]+$/,
    expected: 'an e-mail address',
  })
    .optional()
    .describe('E-mail address; ${email} in templates.'),
  groups: z.array(group).max(10_000).default([]).describe('Groups that grants may name.'),
  attributes: z
    .record(
      z.string().regex(/^[^{}$]{1,128}$/, 'a name without braces and dollar signs'),
      z
        .union([attributeValue, z.array(attributeValue).max(100)], 'text, or a list of texts')
        .transform((value) => (typeof value === 'string' ? [value] : value)),
    )
    .default({})
    .describe('Values for ${attribute.NAME} in templates; one each, or a list.'),
  breakGlass: flag()
    .default(false)
    .describe('For emergencies: each use raises an alarm in the log and the trail.'),
})

export const localMethod = z.strictObject({
  type: z.literal('local'),
  ...common,
  users: z.array(localUser).min(1, 'at least one user').max(1000).describe('Who may sign in.'),
})
