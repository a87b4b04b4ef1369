import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import type { Account, PolicyJson, Role, World } from '../../sandbox/world/world.ts'

/** The account of the lab, and what stands in it. */
export const account = '111111111111'
const anchorId = '11111111-2222-3333-4444-555555555555'
const profileId = '66666666-7777-8888-9999-000000000000'
export const anywhere = {
  trustAnchorArn: `arn:aws:rolesanywhere:eu-west-1:${account}:trust-anchor/${anchorId}`,
  profileArn: `arn:aws:rolesanywhere:eu-west-1:${account}:profile/${profileId}`,
}
export const companyProvider = `arn:aws:iam::${account}:saml-provider/Corp`

export const arnOf = (name: string): string => `arn:aws:iam::${account}:role/${name}`

const all = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']

function statement(principal: object, action: string | readonly string[], condition?: object) {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition && { Condition: condition }),
  }
}

function policy(...statements: readonly object[]): PolicyJson {
  return { Version: '2012-10-17', Statement: statements }
}

/** What AWS is told to trust. */
interface Trusted {
  /** PEM of the trust anchor. */
  readonly anchor: string
  /** Postern's own, as an identity provider. */
  readonly metadata: () => Promise<string | undefined>
  readonly recipient: string
  /** Metadata of the company's provider, and the address of Postern that it posts to. */
  readonly company: string
  readonly acs: string
}

/** A world in which each role trusts the one issuer that it is named after. */
export function worldOf({ anchor, metadata, recipient, company, acs }: Trusted): World {
  const user = `arn:aws:iam::${account}:user/postern-broker`
  const service = { Service: 'rolesanywhere.amazonaws.com' }
  const ofAnchor = { ArnEquals: { 'aws:SourceArn': anywhere.trustAnchorArn } }
  const provider = { Federated: `arn:aws:iam::${account}:saml-provider/Postern` }
  const forRecipient = { StringEquals: { 'SAML:aud': recipient } }
  const passedOn = policy(
    statement({ Federated: companyProvider }, 'sts:AssumeRoleWithSAML', {
      StringEquals: { 'SAML:aud': acs },
    }),
  )
  const trusts: Readonly<Record<string, PolicyJson>> = {
    Postern: policy(statement(service, all, ofAnchor)),
    Hub: policy(statement({ AWS: user }, 'sts:AssumeRole')),
    CertHub: policy(statement({ AWS: arnOf('Postern') }, all)),
    Anywhere: policy(statement(service, all, ofAnchor)),
    People: policy(statement(service, all, ofAnchor)),
    Saml: policy(statement(provider, 'sts:AssumeRoleWithSAML', forRecipient)),
    Passed: passedOn,
    PassedToo: passedOn,
  }
  const may = (...actions: readonly string[]): PolicyJson =>
    policy({ Effect: 'Allow', Action: actions, Resource: '*' })
  const roles = Object.entries(trusts).map(([name, trustPolicy], index): Role => ({
    name,
    roleId: `AROA${String(index).padStart(17, '0')}`,
    maxSessionDuration: 43_200,
    trustPolicy,
    policies: name === 'Postern' ? [may(...all)] : [],
  }))
  const own: Account = {
    id: account,
    users: [
      {
        name: 'postern-broker',
        userId: 'AIDATEST0000000000001',
        accessKeys: [DEMO_BASE_ACCESS_KEY],
        policies: [may('sts:*')],
      },
    ],
    roles,
    samlProviders: [
      { name: 'Postern', metadata },
      { name: 'Corp', metadata: company },
    ],
    trustAnchors: [{ id: anchorId, region: 'eu-west-1', certificates: anchor }],
    profiles: [
      {
        id: profileId,
        region: 'eu-west-1',
        roleArns: ['Postern', 'Anywhere', 'People'].map(arnOf),
        durationSeconds: 43_200,
        acceptRoleSessionName: true,
      },
    ],
  }
  return { accounts: [own] }
}
