import type { SandboxRequest } from '../http/request.ts'
import type { Environment } from '../sts/action.ts'
import { issueRoleSession } from '../sts/issue-role-session.ts'
import { packedPolicySize } from '../sts/packed-policy.ts'
import { StsError } from '../sts/sts-error.ts'
import { wholeSeconds } from '../sts/xml.ts'
import type { RoleEntry } from '../world/directory.ts'
import type { ProfileEntry, TrustAnchorEntry } from '../world/roles-anywhere.ts'
import { readAuthorization } from './authorization.ts'
import { isAuthorized } from './authorize-session.ts'
import { certificateTags, droppedTagsNote } from './certificate-tags.ts'
import { checkCertificate } from './check-certificate.ts'
import { presentedCertificates } from './presented-certificates.ts'
import { denied, invalid, notFound, RolesAnywhereRefusal } from './refusal.ts'
import { serialHex, sourceIdentityOf, subjectArn } from './session-names.ts'
import { readSessionRequest, type SessionRequest } from './session-request.ts'
import { verifySignature } from './verify-signature.ts'

/** CreateSession: a request that a certificate signed becomes a role session. Refuses with RolesAnywhereRefusal. */
export function createSession(environment: Environment, request: SandboxRequest): unknown {
  const { now, switches } = environment
  const authorization = readAuthorization(request)
  const presented = presentedCertificates(request)
  const asked = readSessionRequest(request)
  const { leaf } = presented
  const { anchor, profile } = resources(environment, asked)
  const clock = { now: now(), skew: switches.rolesAnywhereClockSkewSeconds }
  verifySignature(request, authorization, { ...clock, leaf, region: anchor.region })
  checkCertificate(presented, anchor, clock)
  if (asked.roleSessionName !== undefined && profile.acceptRoleSessionName !== true) {
    throw denied('Not authorized to set roleSessionName.')
  }
  const mapped = certificateTags(leaf, profile.attributeMappings)
  const { tags } = mapped
  const sourceIdentity = sourceIdentityOf(leaf)
  const roleSessionName = asked.roleSessionName ?? serialHex(leaf)
  const role = roleOf(environment, asked, profile)
  const question = { anchor, roleSessionName, sourceIdentity, tags, request, now: clock.now }
  if (role === undefined || !isAuthorized({ ...question, role })) {
    throw denied(`${unable(asked)}${droppedTagsNote(mapped)}`)
  }
  const durationSeconds = durationOf(asked, profile, role)
  const packedSize = packed(profile, tags, switches.packedPolicyLimit)
  const session = issueRoleSession(environment, {
    api: 'CreateSession',
    requestId: request.requestId,
    origin: 'roles-anywhere',
    role,
    roleSessionName,
    durationSeconds,
    sourceIdentity,
    tags: tags.map((tag) => ({ ...tag, transitive: false })),
    policy: policyOf(profile),
  })
  const { credentials } = session
  return {
    credentialSet: [
      {
        assumedRoleUser: { arn: session.arn, assumedRoleId: session.assumedRoleId },
        credentials: {
          accessKeyId: credentials.accessKeyId,
          expiration: wholeSeconds(credentials.expiration),
          secretAccessKey: credentials.secretAccessKey,
          sessionToken: credentials.sessionToken,
        },
        packedPolicySize: packedSize,
        roleArn: role.arn,
        sourceIdentity,
      },
    ],
    subjectArn: subjectArn(leaf, anchor),
  }
}

/** Anchor and profile are regional, of one account, and enabled. AWS's words for these faults are not known. */
function resources(
  { directory }: Environment,
  asked: SessionRequest,
): { anchor: TrustAnchorEntry; profile: ProfileEntry } {
  const anchor = directory.rolesAnywhere.trustAnchor(asked.trustAnchorArn)
  if (anchor === undefined) throw notFound('Trust anchor not found')
  const profile = directory.rolesAnywhere.profile(asked.profileArn)
  if (profile === undefined) throw notFound('Profile not found')
  if (anchor.region !== profile.region || anchor.account !== profile.account) {
    throw invalid('Trust anchor and profile must be of one account and region')
  }
  if (!anchor.enabled) throw denied('Trust anchor is disabled')
  if (!profile.enabled) throw denied('Profile is disabled')
  return { anchor, profile }
}

function roleOf(
  { directory }: Environment,
  { roleArn }: SessionRequest,
  profile: ProfileEntry,
): RoleEntry | undefined {
  const role = directory.role(roleArn)
  const fits = profile.roleArns.includes(roleArn) && role?.account.id === profile.account.id
  return fits ? role : undefined
}

function unable({ roleArn }: SessionRequest): string {
  return `Unable to assume role for ${roleArn}.`
}

function durationOf(asked: SessionRequest, profile: ProfileEntry, role: RoleEntry): number {
  const most = profile.durationSeconds ?? 3600
  const seconds = Math.min(most, asked.durationSeconds ?? most)
  if (seconds > role.maxSessionDuration) {
    throw denied(
      `${unable(asked)} The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
    )
  }
  return seconds
}

function policyOf(profile: ProfileEntry): { inline: string | undefined; arns: readonly string[] } {
  const { sessionPolicy, managedPolicyArns = [] } = profile
  return {
    inline: sessionPolicy && JSON.stringify(sessionPolicy),
    arns: managedPolicyArns,
  }
}

function packed(
  profile: ProfileEntry,
  tags: readonly { key: string; value: string }[],
  limit: number,
): number {
  const all = tags.map((tag) => ({ ...tag, transitive: false }))
  try {
    return packedPolicySize(policyOf(profile), all, limit) ?? 0
  } catch (error) {
    if (!(error instanceof StsError)) throw error
    throw new RolesAnywhereRefusal(403, 'AccessDeniedException', error.message)
  }
}
