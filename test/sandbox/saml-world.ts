import {
  AssumeRoleWithSAMLCommand,
  type AssumeRoleWithSAMLCommandOutput,
} from '@aws-sdk/client-sts'
import type { Account, PolicyJson, Role, World } from '../../sandbox/world/world.ts'
import { form, raw, type RawAnswer, xmlField } from './raw-http.ts'
import { idpMetadata, PROVIDER, RECIPIENT, SAML_ROLE } from './saml-signer.ts'
import { FORM_TYPE, type Fields } from './federation-client.ts'
import { stsClient } from './sdk.ts'
import { arn, policy, role, worldWith } from './test-world.ts'

const SAML_ACTIONS = ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity']

/** A statement that lets the provider in, for responses sent to the test's recipient. */
export function trustsProvider(more: PolicyJson = {}): PolicyJson {
  return {
    Effect: 'Allow',
    Principal: { Federated: PROVIDER },
    Action: SAML_ACTIONS,
    Condition: { StringEquals: { 'SAML:aud': RECIPIENT } },
    ...more,
  }
}

/** A world with the provider Corp and the role Saml, and whatever else. */
export function samlWorld(
  roles: readonly Role[] = [],
  more: Partial<Account> = {},
  metadata = idpMetadata(),
): World {
  const { accounts } = worldWith([role('Saml', policy(trustsProvider())), ...roles])
  const [first, ...others] = accounts
  if (first === undefined) throw new Error('no account')
  const samlProviders = [{ name: 'Corp', metadata }]
  return { accounts: [{ ...first, samlProviders, ...more }, ...others] }
}

interface SamlInput {
  readonly SAMLAssertion: string
  readonly RoleArn?: string
  readonly PrincipalArn?: string
  readonly DurationSeconds?: number
  readonly Policy?: string
}

/** AssumeRoleWithSAML by AWS's own client. */
export async function assumeWithSaml(
  url: string,
  input: SamlInput,
): Promise<AssumeRoleWithSAMLCommandOutput> {
  const client = stsClient(url)
  try {
    const all = { RoleArn: SAML_ROLE, PrincipalArn: PROVIDER, ...input }
    return await client.send(new AssumeRoleWithSAMLCommand(all))
  } finally {
    client.destroy()
  }
}

/** The same on the bare wire: `status code: message`, or `200`. */
export async function samlAnswer(
  url: string,
  assertion: string,
  more: Fields = {},
): Promise<string> {
  const answer = await postSaml(url, assertion, more)
  if (answer.status === 200) return '200'
  return `${answer.status} ${xmlField(answer.body, 'Code') ?? ''}: ${xmlField(answer.body, 'Message') ?? ''}`
}

export async function postSaml(
  url: string,
  assertion: string,
  more: Fields = {},
): Promise<RawAnswer> {
  const fields = {
    Action: 'AssumeRoleWithSAML',
    Version: '2011-06-15',
    RoleArn: SAML_ROLE,
    PrincipalArn: PROVIDER,
    SAMLAssertion: assertion,
    ...more,
  }
  return await raw(url, { headers: FORM_TYPE, body: form(fields) })
}

/** Values of the Role attribute for these roles of the provider Corp. */
export function forRoles(...names: string[]): string[] {
  return names.map((name) => `${arn(name)},${PROVIDER}`)
}
