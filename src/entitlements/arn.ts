/** AWS partitions that Postern knows (AWS General Reference, "Amazon Resource Names"). */
export const partitions = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-eusc',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
] as const
export type Partition = (typeof partitions)[number]

/** A role ARN, taken apart (IAM User Guide, "IAM identifiers"). */
export interface RoleArn {
  readonly arn: string
  readonly partition: Partition
  readonly accountId: string
  /** `/` or `/a/b/`. AWS drops it from the ARN of the role session. */
  readonly path: string
  readonly name: string
}

const maxLength = 2048
const maxPathLength = 512
const shape =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc|aws-iso|aws-iso-b|aws-iso-e|aws-iso-f):iam::(\d{12}):role(\/(?:[\x21-\x2e\x30-\x7e]+\/)*)([\w+=,.@-]{1,64})$/

/** The role that an ARN names, or undefined when the text is no role ARN. Strict: no trimming, no wildcards. */
export function parseRoleArn(text: string): RoleArn | undefined {
  if (text.length > maxLength) return undefined
  const match = shape.exec(text)
  const partition = partitions.find((known) => known === match?.[1])
  const [, , accountId, path, name] = match ?? []
  if (!partition || !accountId || !path || !name || path.length > maxPathLength) return undefined
  return { arn: text, partition, accountId, path, name }
}
