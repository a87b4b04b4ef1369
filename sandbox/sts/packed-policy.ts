import { deflateRawSync } from 'node:zlib'
import type { SessionTag } from '../sessions/session.ts'
import type { SessionPolicy } from './session-policy.ts'
import { StsError } from './sts-error.ts'

/**
 * Percent of the space that policies and tags take, or undefined when there are none. AWS does not
 * document its packing: ours is the deflated length of policy (without white space), ARNs and tags, against
 * `limit` bytes. Throws PackedPolicyTooLarge above 100.
 */
export function packedPolicySize(
  policy: SessionPolicy,
  tags: readonly SessionTag[],
  limit: number,
): number | undefined {
  if (policy.inline === undefined && policy.arns.length === 0 && tags.length === 0) return undefined
  const compact = policy.inline === undefined ? '' : JSON.stringify(JSON.parse(policy.inline))
  const parts = [compact, ...policy.arns, ...tags.flatMap(({ key, value }) => [key, value])]
  const bytes = deflateRawSync(parts.join('\0')).length
  const percent = Math.ceil((100 * bytes) / limit)
  if (percent > 100) {
    throw new StsError(
      400,
      'PackedPolicyTooLarge',
      `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    )
  }
  return percent
}
