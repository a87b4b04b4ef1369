import type { Policy } from '../iam/policy.ts'
import { managedPolicies } from '../iam/managed-policies.ts'
import { parseArn } from '../iam/arn.ts'
import type { Principal } from '../iam/principal.ts'
import type { Seal } from '../sessions/seal.ts'
import { openSessionToken, type Session } from '../sessions/session.ts'
import type { Directory, UserEntry } from '../world/directory.ts'
import { parseInlinePolicy } from './session-policy.ts'

/** Who signed a request, and what they may do. */
export interface Caller {
  readonly arn: string
  readonly userId: string
  readonly account: string
  readonly isRoot: boolean
  /** Absent for long-term keys. */
  readonly session: Session | undefined
  readonly userName: string | undefined
  readonly principal: Principal & { readonly kind: 'aws' }
  readonly policies: readonly Policy[]
  /** What the session was narrowed to; undefined when it wasn't. */
  readonly sessionPolicies: readonly Policy[] | undefined
}

/** The caller behind an access key and its token, and the secret to check the signature with; undefined when unknown. */
export function findCaller(
  directory: Directory,
  seal: Seal,
  accessKeyId: string,
  securityToken: string | undefined,
): { secretAccessKey: string; caller: Caller } | undefined {
  if (securityToken === undefined) {
    const found = directory.longTermKey(accessKeyId)
    if (found === undefined) return undefined
    return { secretAccessKey: found.key.secretAccessKey, caller: userCaller(found.user, undefined) }
  }
  const session = openSessionToken(seal, securityToken)
  if (session?.accessKeyId !== accessKeyId) return undefined
  const caller = sessionCaller(directory, session)
  return caller && { secretAccessKey: session.secretAccessKey, caller }
}

function userCaller(user: UserEntry, session: Session | undefined): Caller {
  const { arn, userId, account, isRoot, name, policies } = user
  return {
    arn,
    userId,
    account: account.id,
    isRoot,
    session,
    userName: isRoot ? undefined : name,
    principal: { kind: 'aws', account: account.id, arn, alsoKnownAs: [] },
    policies,
    sessionPolicies: undefined,
  }
}

function sessionCaller(directory: Directory, session: Session): Caller | undefined {
  if (session.origin === 'session-token' || session.origin === 'federation-token') {
    const user = directory.user(session.of)
    if (user === undefined || session.origin === 'session-token') {
      return user && userCaller(user, session)
    }
    return federatedCaller(user, session)
  }
  const role = directory.role(session.of)
  if (role === undefined) return undefined
  return {
    ...nameless(session, [role.arn]),
    policies: role.policies,
    sessionPolicies: narrowedTo(session),
  }
}

function federatedCaller(user: UserEntry, session: Session): Caller {
  return {
    ...nameless(session, []),
    policies: user.policies,
    // Without a policy of its own it may do nothing.
    sessionPolicies: narrowedTo(session) ?? [],
  }
}

/** Who a session is that goes by its own ARN and not by a user's. */
function nameless(session: Session, alsoKnownAs: readonly string[]) {
  const { arn, userId, account } = session
  const principal = { kind: 'aws', account, arn, alsoKnownAs } as const
  return { arn, userId, account, isRoot: false, session, userName: undefined, principal }
}

function narrowedTo({ policy, policyArns }: Session): readonly Policy[] | undefined {
  if (policy === undefined && policyArns.length === 0) return undefined
  const inline = policy === undefined ? [] : [parseInlinePolicy(policy)]
  const managed = policyArns
    .map((arn) => managedPolicies.get(parseArn(arn)?.resource ?? ''))
    .filter((found) => found !== undefined)
  return [...inline, ...managed]
}
