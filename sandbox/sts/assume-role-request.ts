import { TOKEN_LIMIT } from './credentials-xml.ts'
import { Parameters } from './parameters.ts'
import { readSessionPolicy, type SessionPolicy } from './session-policy.ts'
import { readTags, type RequestedTags } from './session-tags.ts'

export interface AssumeRoleRequest {
  readonly roleArn: string
  readonly roleSessionName: string
  readonly durationSeconds: number | undefined
  readonly sourceIdentity: string | undefined
  readonly externalId: string | undefined
  readonly withMfa: boolean
  readonly tags: RequestedTags
  readonly policy: SessionPolicy
  /** Bytes. */
  readonly minimumTokenSize: number | undefined
}

const SESSION_NAME = { min: 2, max: 64, pattern: String.raw`[\w+=,.@-]*` }

/** Reads the parameters against the bounds of AWS's service model. Throws one ValidationError for all faults. */
export function readAssumeRole(values: ReadonlyMap<string, string>): AssumeRoleRequest {
  const parameters = new Parameters(values)
  const request: AssumeRoleRequest = {
    roleArn: parameters.required('RoleArn', { min: 20, max: 2048 }),
    roleSessionName: parameters.required('RoleSessionName', SESSION_NAME),
    durationSeconds: parameters.integer('DurationSeconds', 900, 43_200),
    sourceIdentity: parameters.optional('SourceIdentity', SESSION_NAME),
    externalId: parameters.optional('ExternalId', {
      min: 2,
      max: 1224,
      pattern: String.raw`[\w+=,.@:\/-]*`,
    }),
    withMfa: readMfa(parameters),
    tags: readTags(parameters),
    policy: readSessionPolicy(parameters),
    minimumTokenSize: parameters.integer('MinimumSessionTokenSize', 0, TOKEN_LIMIT),
  }
  if (request.sourceIdentity?.toLowerCase().startsWith('aws:') === true) {
    const constraint = 'Member must not begin with aws:'
    parameters.fault(request.sourceIdentity, 'sourceIdentity', constraint)
  }
  parameters.check()
  return request
}

function readMfa(parameters: Parameters): boolean {
  const serial = parameters.optional('SerialNumber', {
    min: 9,
    max: 256,
    pattern: String.raw`[\w+=/:,.@-]*`,
  })
  const code = parameters.optional('TokenCode', { min: 6, max: 6, pattern: String.raw`[\d]*` })
  return serial !== undefined || code !== undefined
}
