import type { AwsRolePair } from '../identity.ts'

const role = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/
const provider = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/

/**
 * Reads the values of the attribute `https://aws.amazon.com/SAML/Attributes/Role`: an ARN of a role and one of a SAML
 * provider, in either order, with a comma between (AWS IAM User Guide, "Configure SAML assertions"). What is no such pair
 * comes back as `malformed`, so that an administrator can be told.
 */
export function readAwsRoles(values: readonly string[]): {
  pairs: readonly AwsRolePair[]
  malformed: readonly string[]
} {
  const pairs = new Map<string, AwsRolePair>()
  const malformed: string[] = []
  for (const value of values) {
    const pair = readPair(value)
    if (pair) pairs.set(`${pair.roleArn} ${pair.providerArn}`, pair)
    else malformed.push(value)
  }
  return { pairs: [...pairs.values()], malformed }
}

function readPair(value: string): AwsRolePair | undefined {
  // A role name may hold a comma, so only one before an ARN parts the two.
  const [first = '', second = '', ...more] = value.split(/,(?=\s*arn:)/).map((arn) => arn.trim())
  if (more.length > 0) return undefined
  const pair = role.test(first)
    ? { roleArn: first, providerArn: second }
    : { roleArn: second, providerArn: first }
  return role.test(pair.roleArn) && provider.test(pair.providerArn) ? pair : undefined
}
