import type { z } from 'zod'
import { InvalidRequest } from '../errors.ts'

/** What came in as its schema has it. Throws InvalidRequest that names each field that is not. */
export function checkedFields<Schema extends z.ZodType>(
  schema: Schema,
  fields: unknown,
  noun: 'form' | 'request',
): z.output<Schema> {
  const parsed = schema.safeParse(fields, { error: inOwnWords })
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${shown(key)} (not a field of this ${noun})`)
      : [`${issue.path.join('.') || 'the body'} (${issue.message})`],
  )
  const listed = faults.slice(0, 16).join(', ')
  throw new InvalidRequest(`Postern can’t take these fields: ${listed}.`)
}

/** What is wrong, where the schema itself has no words for it. */
const inOwnWords: z.core.$ZodErrorMap = (issue) => {
  const { code } = issue
  if (code === 'invalid_type' || code === 'invalid_value') {
    if (issue.input === undefined) return 'missing'
    if (code === 'invalid_type') return `not of the type ${issue.expected}`
    return `not ${issue.values.join(' or ')}`
  }
  if (code === 'invalid_format') return 'not in the form that it has'
  if (code === 'too_big') return `more than ${issue.maximum}${unitOf(issue.origin)}`
  if (code === 'too_small') return `less than ${issue.minimum}${unitOf(issue.origin)}`
  return undefined
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : ''
}

/** A name that anybody may have chosen. */
function shown(key: string): string {
  return key.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 64)
}
