import { parseIdentityPolicy, type Policy } from '../iam/policy.ts'
import { parseArn } from '../iam/arn.ts'
import type { Parameters } from './parameters.ts'
import { StsError, validationError } from './sts-error.ts'

/** What a request asks to narrow its session to. */
export interface SessionPolicy {
  readonly inline: string | undefined
  readonly arns: readonly string[]
}

const PLAINTEXT_LIMIT = 2048
const POLICY = { min: 1, pattern: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+` }

/** Reads `Policy` and `PolicyArns.member.N.arn` (or `.Arn`, which nobody sends). */
export function readSessionPolicy(parameters: Parameters): SessionPolicy {
  const inline = parameters.optional('Policy', POLICY)
  const count = parameters.listLength('PolicyArns', 10)
  const arns = Array.from({ length: count }, (_, i) =>
    parameters.required(`PolicyArns.member.${i + 1}.arn`, { min: 20, max: 2048 }),
  )
  return { inline, arns }
}

/** Throws MalformedPolicyDocument or ValidationError where IAM couldn't take the policy. */
export function checkSessionPolicy({ inline, arns }: SessionPolicy): Policy | undefined {
  const length = (inline?.length ?? 0) + arns.join('').length
  if (length > PLAINTEXT_LIMIT) {
    // The limit is documented, the words for a sum that exceeds it are not.
    throw validationError(
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${PLAINTEXT_LIMIT}`,
    )
  }
  const bad = arns.find((arn) => {
    const parsed = parseArn(arn)
    return parsed?.service !== 'iam' || !parsed.resource.startsWith('policy/')
  })
  if (bad !== undefined) throw validationError(`${bad} is invalid`)
  return inline === undefined ? undefined : parseInlinePolicy(inline)
}

/** Reads a policy document. Throws MalformedPolicyDocument. */
export function parseInlinePolicy(text: string): Policy {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw malformed('The policy is not in the valid JSON format.')
  }
  const policy = parseIdentityPolicy(json)
  if (policy === undefined) throw malformed('Syntax errors in policy.')
  return policy
}

function malformed(message: string): StsError {
  return new StsError(400, 'MalformedPolicyDocument', message)
}
