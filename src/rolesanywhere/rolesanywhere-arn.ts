import { InvalidRequest } from '../errors.ts'

/** The resources of Roles Anywhere that a session names. */
export type RolesAnywhereResource = 'trust-anchor' | 'profile'

/** `arn:aws:rolesanywhere:us-east-1:111111111111:profile/…`, taken apart (Service Authorization Reference). */
export interface RolesAnywhereArn {
  readonly arn: string
  readonly partition: string
  readonly region: string
  readonly accountId: string
  readonly id: string
}

const longest = 2048
const parts =
  /^arn:(?<partition>aws(?:-[a-z]+)*):rolesanywhere:(?<region>[a-z]{2,}(?:-[a-z0-9]+){1,5}):(?<accountId>\d{12}):(?<resource>trust-anchor|profile)\/(?<id>[\w-]{1,64})$/
const role = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/(?:[\x21-\x2e\x30-\x7e]+\/)*[\w+=,.@-]{1,64}$/

/** Takes the ARN of a trust anchor or profile apart. InvalidRequest says what it is instead. */
export function parseRolesAnywhereArn(
  text: string,
  resource: RolesAnywhereResource,
): RolesAnywhereArn {
  const found = text.length > longest ? undefined : parts.exec(text)?.groups
  const { partition, region, accountId, id } = found ?? {}
  if (!partition || !region || !accountId || !id || found?.['resource'] !== resource) {
    const name = resource === 'profile' ? 'profile' : 'trust anchor'
    throw new InvalidRequest(
      `failed to parse ${name} arn: '${reason(text, found?.['resource'])}'. ` +
        `It looks like arn:aws:rolesanywhere:us-east-1:111111111111:${resource}/ID.`,
    )
  }
  return { arn: text, partition, region, accountId, id }
}

/** InvalidRequest unless the text is a role's ARN (IAM User Guide, "IAM identifiers"). */
export function checkRoleArn(text: string): void {
  if (text.length > longest || !role.test(text)) {
    throw new InvalidRequest(
      'The role is not given by its ARN, which looks like arn:aws:iam::111111111111:role/NAME.',
    )
  }
}

function reason(text: string, resource: string | undefined): string {
  if (text === '') return 'it is missing'
  if (!text.startsWith('arn:')) return 'arn: invalid prefix'
  if (text.split(':').length < 6) return 'arn: not enough sections'
  if (resource) return `it names a ${resource}`
  return 'arn: not of IAM Roles Anywhere'
}
