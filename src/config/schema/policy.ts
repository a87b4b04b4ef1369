import { z } from 'zod'
import { dereferenced } from '../references.ts'
import { text } from './scalars.ts'

/** STS API, AssumeRole: at most 2048 characters of tab, line ends and U+0020 to U+00FF. */
const legal = /^[\t\n\r\u0020-\u00ff]{1,2048}$/

/** A session policy as a mapping, or as JSON text. Gives it as JSON without needless spaces. */
export const policy = z
  .unknown()
  .transform((value, context) => {
    const json = compactJson(dereferenced(value))
    if (json !== undefined && legal.test(json)) return json
    context.addIssue({
      code: 'custom',
      message:
        json === undefined
          ? 'a policy: a mapping with Statement, or the same as JSON'
          : 'a policy of at most 2048 characters up to U+00FF',
    })
    return z.NEVER
  })
  .meta({ type: ['object', 'string'] })

function compactJson(value: unknown): string | undefined {
  let data = value
  if (typeof value === 'string') {
    try {
      data = JSON.parse(value)
    } catch {
      return undefined
    }
  }
  const isPolicy = typeof data === 'object' && data !== null && 'Statement' in data
  return isPolicy ? JSON.stringify(data) : undefined
}

const policyArn =
  /^arn:aws(?:-[a-z]+){0,2}:iam::(?:\d{12}|aws):policy\/(?:[\x21-\x2e\x30-\x7e]+\/)*[\w+=,.@-]{1,128}$/

export const policyArns = z
  .array(
    text({
      max: 2048,
      pattern: policyArn,
      expected: 'a policy ARN such as arn:aws:iam::aws:policy/ReadOnlyAccess',
    }),
  )
  .max(10, 'at most 10 policies')
