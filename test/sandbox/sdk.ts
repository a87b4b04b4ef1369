import {
  AssumeRoleCommand,
  STSClient,
  STSServiceException,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
} from '@aws-sdk/client-sts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** AWS's own client, which tries once. */
export function stsClient(
  url: string,
  credentials: Keys = DEMO_BASE_ACCESS_KEY,
  region = 'eu-west-1',
): STSClient {
  return new STSClient({ endpoint: url, region, credentials, maxAttempts: 1 })
}

/** Any of AssumeRole's parameters. */
export type AssumeRoleInput = {
  [Name in keyof AssumeRoleCommandInput]?: NonNullable<AssumeRoleCommandInput[Name]>
}

/** AssumeRole with the demo's keys, or others. */
export async function assume(
  url: string,
  input: AssumeRoleInput & { readonly RoleArn: string },
  keys?: Keys,
): Promise<AssumeRoleCommandOutput> {
  const client = stsClient(url, keys)
  try {
    return await client.send(new AssumeRoleCommand({ RoleSessionName: 'bob', ...input }))
  } finally {
    client.destroy()
  }
}

/** The keys of a session that was answered. */
export function keysOf({ Credentials: found }: AssumeRoleCommandOutput): Required<Keys> {
  return {
    accessKeyId: found?.AccessKeyId ?? '',
    secretAccessKey: found?.SecretAccessKey ?? '',
    sessionToken: found?.SessionToken ?? '',
  }
}

/** How AWS's client reports a refusal: `status code: message`. It appends Exception to some codes; not here. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof STSServiceException)) throw error
    return `${error.$metadata.httpStatusCode ?? 0} ${error.name.replace(/Exception$/, '')}: ${error.message}`
  }
  return 'was not refused'
}
