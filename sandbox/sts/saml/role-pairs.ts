import { parseArn, parseRoleArn } from '../../iam/arn.ts'

/** A role and the SAML provider through which it may be had. */
export interface RolePair {
  readonly roleArn: string
  readonly providerArn: string
}

/** The values of the Role attribute that are a pair, in whichever order; what is none is passed over. */
export function rolePairs(values: readonly string[]): RolePair[] {
  const pairs: RolePair[] = []
  for (const value of values) {
    // Role names may hold commas, so the one that parts the two stands before an ARN.
    const parts = value.split(/,(?=\s*arn:)/).map((part) => part.trim())
    const roleArn = parts.find((part) => parseRoleArn(part) !== undefined)
    const providerArn = parts.find(isSamlProviderArn)
    if (parts.length === 2 && roleArn !== undefined && providerArn !== undefined) {
      pairs.push({ roleArn, providerArn })
    }
  }
  return pairs
}

/** Whether a text is `arn:aws:iam::111111111111:saml-provider/Name`. */
export function isSamlProviderArn(text: string): boolean {
  const arn = parseArn(text)
  return (
    arn?.service === 'iam' &&
    /^\d{12}$/.test(arn.account) &&
    /^saml-provider\/[\w.-]{1,128}$/.test(arn.resource)
  )
}
