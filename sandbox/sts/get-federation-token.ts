import { conditionContext, type ConditionContext } from '../iam/condition-context.ts'
import { decideIdentity } from '../iam/evaluate.ts'
import { mintCredentials } from '../sessions/session.ts'
import type { SignedStsCall, StsAction } from './action.ts'
import { credentialsXml, TOKEN_LIMIT, tokenSizeXml } from './credentials-xml.ts'
import { packedPolicySize } from './packed-policy.ts'
import { Parameters } from './parameters.ts'
import { checkSessionPolicy, readSessionPolicy, type SessionPolicy } from './session-policy.ts'
import { readTags, sessionTags, type RequestedTags } from './session-tags.ts'
import { accessDenied, notAuthorized } from './sts-error.ts'
import { wholeSecond, type XmlFields } from './xml.ts'

interface FederationTokenRequest {
  readonly name: string
  readonly durationSeconds: number
  readonly policy: SessionPolicy
  readonly tags: RequestedTags
  readonly minimumTokenSize: number | undefined
}

const ROOT_LIMIT = 3600

/**
 * GetFederationToken: what a user's long-term keys may do, narrowed to a policy, under a name of one's own. Without a
 * policy the session may do nothing, and with one it still can't call STS (STS API Reference, GetFederationToken).
 */
export const getFederationToken: StsAction = { name: 'GetFederationToken', signed: true, run }

function run(call: SignedStsCall): XmlFields {
  const { caller, directory, now, seal, switches, request } = call
  const asked = readRequest(call)
  if (caller.session !== undefined) {
    throw accessDenied('Cannot call GetFederationToken with session credentials')
  }
  checkSessionPolicy(asked.policy)
  const tags = sessionTags(asked.tags, undefined)
  const arn = `arn:${directory.partition}:sts::${caller.account}:federated-user/${asked.name}`
  if (!caller.isRoot) authorize(call, arn, asked)
  const packed = packedPolicySize(asked.policy, tags, switches.packedPolicyLimit) ?? 0
  const durationSeconds = caller.isRoot
    ? Math.min(asked.durationSeconds, ROOT_LIMIT)
    : asked.durationSeconds
  const issuedAt = wholeSecond(now())
  const userId = `${caller.account}:${asked.name}`
  const about = {
    origin: 'federation-token' as const,
    account: caller.account,
    arn,
    userId,
    of: caller.arn,
    issuedAt,
    expiresAt: issuedAt + durationSeconds * 1000,
    tags,
    policy: asked.policy.inline,
    policyArns: [...asked.policy.arns],
  }
  const credentials = mintCredentials(seal, about, asked.minimumTokenSize)
  call.issued.add({
    time: now().toISOString(),
    api: 'GetFederationToken',
    accessKeyId: credentials.accessKeyId,
    roleArn: caller.arn,
    assumedRoleArn: arn,
    roleSessionName: asked.name,
    sourceIdentity: undefined,
    durationSeconds,
    requestId: request.requestId,
  })
  return [
    ['Credentials', credentialsXml(credentials)],
    [
      'FederatedUser',
      [
        ['Arn', arn],
        ['FederatedUserId', userId],
      ],
    ],
    ['PackedPolicySize', packed],
    ...tokenSizeXml(credentials),
  ]
}

function readRequest({ values }: SignedStsCall): FederationTokenRequest {
  const parameters = new Parameters(values)
  const request = {
    name: parameters.required('Name', { min: 2, max: 32, pattern: String.raw`[\w+=,.@-]*` }),
    durationSeconds: parameters.integer('DurationSeconds', 900, 129_600) ?? 43_200,
    policy: readSessionPolicy(parameters),
    tags: { ...readTags(parameters), transitiveKeys: [] },
    minimumTokenSize: parameters.integer('MinimumSessionTokenSize', 0, TOKEN_LIMIT),
  }
  parameters.check()
  return request
}

function authorize(call: SignedStsCall, arn: string, { tags }: FederationTokenRequest): void {
  const { caller } = call
  const context = federationContext(call, tags)
  const actions = ['sts:GetFederationToken', ...(tags.tags.length > 0 ? ['sts:TagSession'] : [])]
  for (const action of actions) {
    const decision = decideIdentity(caller.policies, { action, resource: arn, context })
    if (decision !== 'allow') throw notAuthorized(caller.arn, action, arn)
  }
}

function federationContext(
  { caller, request, region, now }: SignedStsCall,
  { tags }: RequestedTags,
): ConditionContext {
  const values: Record<string, string | readonly string[] | undefined> = {
    'aws:TagKeys': tags.map(({ key }) => key),
    'aws:PrincipalArn': caller.arn,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalType': 'User',
    'aws:userid': caller.userId,
    'aws:username': caller.userName,
    'aws:SourceIp': request.remoteAddress,
    'aws:RequestedRegion': region,
    'aws:CurrentTime': now().toISOString(),
    'aws:EpochTime': String(Math.floor(now().getTime() / 1000)),
    'aws:SecureTransport': 'false',
    'aws:MultiFactorAuthPresent': undefined,
    'aws:MultiFactorAuthAge': undefined,
  }
  for (const { key, value } of tags) values[`aws:RequestTag/${key}`] = value
  return conditionContext(values, ['aws:RequestTag/', 'aws:PrincipalTag/'])
}
