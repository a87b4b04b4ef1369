import { InvalidRequest } from '../errors.ts'
import type { Credentials } from './credentials.ts'
import { expirationText } from './expiration.ts'
import type { FormatOptions } from './format.ts'
import { checkRegion } from './region.ts'

export type Variable = readonly [name: string, value: string]

/**
 * Variables that would win over the credentials, or mix with them, when left from an earlier session: a profile named
 * in AWS_PROFILE goes before the keys in JavaScript, and botocore reads AWS_SECURITY_TOKEN before AWS_SESSION_TOKEN.
 */
export const staleVariables = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SECURITY_TOKEN'] as const

/**
 * The credentials as environment variables, in a fixed order. Both names of the region, because aws-cli 1 reads only
 * AWS_DEFAULT_REGION and the newer SDKs only AWS_REGION. Throws InvalidRequest for a value that no shell should get.
 */
export function environmentOf(credentials: Credentials, options: FormatOptions): Variable[] {
  const variables: Variable[] = [
    ['AWS_ACCESS_KEY_ID', credentials.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey],
    ['AWS_SESSION_TOKEN', credentials.sessionToken],
    ['AWS_CREDENTIAL_EXPIRATION', expirationText(credentials.expiration)],
  ]
  if (options.region !== undefined) {
    const region = checkRegion(options.region)
    variables.push(['AWS_REGION', region], ['AWS_DEFAULT_REGION', region])
  }
  if (options.endpoints?.sts !== undefined)
    variables.push(['AWS_ENDPOINT_URL_STS', options.endpoints.sts])
  for (const variable of variables) checkValue(variable)
  return variables
}

/** Control characters, line separators and lone surrogates end a line or a literal somewhere. */
const neverInAValue = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u

function checkValue([name, value]: Variable): void {
  if (neverInAValue.test(value))
    throw new InvalidRequest(
      `${name} holds a control character or a line break, so Postern writes no snippet with it.`,
    )
}

const awsAlphabet = /^[\w+/=.:@,-]*$/

/** The first variable with a character that AWS's own values never have, for formats without reliable quoting. */
export function outsideAwsAlphabet(variables: readonly Variable[]): string | undefined {
  return variables.find(([, value]) => !awsAlphabet.test(value))?.[0]
}
