import type { z } from 'zod'
import { InvalidRequest } from '../errors.ts'

/** What came in as its schema has it. Throws InvalidRequest that names each field that is not. */
export function checkedFields<Schema extends z.ZodType>(
  schema: Schema,
  fields: unknown,
  noun: 'form' | 'request',
): z.output<Schema> {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${shown(key)} (not a field of this ${noun})`)
      : [`${issue.path.join('.') || 'the body'} (${issue.message})`],
  )
  const listed = faults.slice(0, 16).join(', ')
  throw new InvalidRequest(`Postern can’t take these fields: ${listed}.`)
}

/** A name that anybody may have chosen. */
function shown(key: string): string {
  return key.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').slice(0, 64)
}
