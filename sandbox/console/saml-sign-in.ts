import { rebasedDestination } from '../federation/destination.ts'
import { FederationRefusal } from '../federation/federation-refusal.ts'
import { htmlReply, redirectReply, type Reply } from '../http/reply.ts'
import type { SandboxRequest } from '../http/request.ts'
import type { Environment } from '../sts/action.ts'
import { issueRoleSession } from '../sts/issue-role-session.ts'
import { type AcceptedAssertion, acceptAssertion } from '../sts/saml/accept-assertion.ts'
import { authorizeSaml } from '../sts/saml/authorize-saml.ts'
import { awsAttribute, readAwsAttributes } from '../sts/saml/aws-attributes.ts'
import { type RolePair, rolePairs } from '../sts/saml/role-pairs.ts'
import { samlSeconds } from '../sts/saml/saml-duration.ts'
import { peekRoles } from '../sts/saml/peek-roles.ts'
import { StsError } from '../sts/sts-error.ts'
import { consoleCookie } from './console-session.ts'
import { invalidSamlPage, refusedSamlPage, rolesPage } from './saml-pages.ts'

const LONGEST = 100_000

/**
 * `POST /saml`, where identity providers send browsers: one role signs in at once, of several the user chooses, and
 * RelayState leads on where it names a page of the console (IAM User Guide, id_roles_providers_enable-console-saml).
 */
export async function answerSamlSignIn(
  environment: Environment,
  request: SandboxRequest,
  origin: string,
): Promise<Reply> {
  const { values, malformed, duplicate } = request.form
  const response = values.get('SAMLResponse') ?? ''
  const readable = !malformed && duplicate === undefined && response.length <= LONGEST
  const pairs = readable && request.method === 'POST' ? peekRoles(response) : []
  // Nothing is believed yet; these only say whose keys to verify with.
  const chosen =
    pairs.length === 1 ? pairs[0] : pairs.find(({ roleArn }) => roleArn === values.get('roleIndex'))
  const first = chosen ?? pairs[0]
  if (first === undefined) return htmlReply(400, invalidSamlPage)
  try {
    const provider = environment.directory.samlProviders.find(first.providerArn)
    const assertion = await acceptAssertion(environment, provider, response, request.requestId)
    if (chosen === undefined) {
      const offered = rolePairs(awsAttribute(assertion, 'Role'))
      return htmlReply(200, rolesPage(offered, response, values.get('RelayState') ?? ''))
    }
    return signIn(environment, request, { assertion, chosen, origin })
  } catch (error) {
    if (error instanceof StsError) return htmlReply(error.status, refusedSamlPage(error))
    throw error
  }
}

interface Choice {
  readonly assertion: AcceptedAssertion
  readonly chosen: RolePair
  readonly origin: string
}

function signIn(
  environment: Environment,
  request: SandboxRequest,
  { assertion, chosen, origin }: Choice,
): Reply {
  const { directory, now, seal, switches } = environment
  const provider = directory.samlProviders.find(chosen.providerArn)
  if (provider === undefined) return htmlReply(400, invalidSamlPage)
  const asked = readAwsAttributes(assertion)
  const role = authorizeSaml(environment, { ...chosen, provider, assertion, asked, request })
  const durationSeconds = samlSeconds(asked.sessionDuration, [], role, assertion, now())
  const { sourceIdentity, roleSessionName, tags } = asked
  const session = issueRoleSession(environment, {
    api: 'ConsoleSamlSignIn',
    requestId: request.requestId,
    origin: 'saml',
    role,
    roleSessionName,
    durationSeconds,
    sourceIdentity,
    tags,
    policy: { inline: undefined, arns: [] },
  })
  const cookie = consoleCookie(seal, {
    arn: session.arn,
    account: role.account.id,
    userId: session.assumedRoleId,
    sourceIdentity,
    expiresAt: now().getTime() + durationSeconds * 1000,
  })
  const relayState = request.form.values.get('RelayState')
  const to = consolePage(relayState, origin, switches.extraDestinationHosts)
  return redirectReply(to, { 'set-cookie': cookie })
}

/** What AWS does about a RelayState that is no page of the console is not documented; here it is passed over. */
function consolePage(
  relayState: string | undefined,
  origin: string,
  hosts: readonly string[],
): string {
  try {
    return rebasedDestination(relayState ?? '', origin, hosts)
  } catch (error) {
    if (error instanceof FederationRefusal) return '/console/home'
    throw error
  }
}
