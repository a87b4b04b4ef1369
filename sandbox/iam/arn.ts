/** The parts of `arn:partition:service:region:account:resource`; the resource may hold colons. */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly account: string
  readonly resource: string
}

/** Splits an ARN, or undefined for anything that isn't one. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, , account, ...resource] = text.split(':')
  if (arn !== 'arn' || !partition || !service || account === undefined) return undefined
  if (resource.length === 0 || resource[0] === '') return undefined
  return { partition, service, account, resource: resource.join(':') }
}

const ROLE = /^role\/((?:[\x21-\x2e\x30-\x7e]+\/)*)([\w+=,.@-]{1,64})$/

/** The account, path and name of an IAM role's ARN, or undefined. */
export function parseRoleArn(
  text: string,
): { partition: string; account: string; path: string; name: string } | undefined {
  const arn = parseArn(text)
  if (arn?.service !== 'iam' || !/^\d{12}$/.test(arn.account)) return undefined
  const role = ROLE.exec(arn.resource)
  if (role === null) return undefined
  const { partition, account } = arn
  return { partition, account, path: `/${role[1] ?? ''}`, name: role[2] ?? '' }
}
