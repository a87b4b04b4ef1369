import { redirectReply, type Reply } from '../http/reply.ts'
import type { SandboxRequest } from '../http/request.ts'
import { entityIdOf, type IdpEnvironment, IdpRefusal } from './idp-environment.ts'
import { endedIdpCookie, idpCookie, type IdpSession, readIdpSession } from './idp-session.ts'
import { readLogoutMessage, type LogoutMessage } from './logout-message.ts'
import { logoutRequestXml, logoutResponseXml } from './logout-xml.ts'
import { signedOutPage } from './pages.ts'
import { receiveMessage, type ReceivedMessage } from './received-message.ts'
import { randomId } from './response-xml.ts'
import { sendMessage } from './send-message.ts'
import type { LogoutEndpoint } from './service-provider.ts'
import { checkOwnForm } from './sign-in.ts'

/** `/slo`: a service provider wants a session ended, or answers that it ended its own. */
export async function answerLogout(
  environment: IdpEnvironment,
  request: SandboxRequest,
): Promise<Reply> {
  const received = receiveMessage(request)
  const message = await readLogoutMessage(received, environment)
  const session = readIdpSession(environment.seal, request, environment.now())
  return message.kind === 'request'
    ? endSession(environment, received, message, session)
    : await goOn(environment, message, session)
}

/** `POST /sign-out` on the identity provider's own page: everywhere, one after the other. */
export async function answerSignOut(
  environment: IdpEnvironment,
  request: SandboxRequest,
): Promise<Reply> {
  checkOwnForm(request)
  const session = readIdpSession(environment.seal, request, environment.now())
  if (session === undefined) return redirectReply('/')
  return await leaveNext(environment, session, [])
}

function endSession(
  environment: IdpEnvironment,
  received: ReceivedMessage,
  { provider, id, name, sessionIndexes }: LogoutMessage & { kind: 'request' },
  session: IdpSession | undefined,
): Reply {
  const party = session?.parties.find(({ entityId }) => entityId === provider.entityId)
  const known =
    session !== undefined &&
    party?.nameId.value === name &&
    (sessionIndexes.length === 0 || sessionIndexes.includes(session.sessionIndex))
  const endpoint = endpointFor(provider.logout, received.binding)
  const headers: Record<string, string> = known ? { 'set-cookie': endedIdpCookie } : {}
  if (endpoint === undefined) return signedOutPage([], headers)
  const others = known && session.parties.length > 1 ? 'PartialLogout' : undefined
  const { responseLocation: to, binding } = endpoint
  const { key } = environment
  const head = headOf(environment, to)
  const xml = logoutResponseXml(head, id, known, known ? others : 'UnknownPrincipal')
  return sendMessage({
    field: 'SAMLResponse',
    binding,
    to,
    xml,
    relayState: received.relayState,
    key,
    headers,
  })
}

async function goOn(
  environment: IdpEnvironment,
  { provider, inResponseTo, success }: LogoutMessage & { kind: 'response' },
  session: IdpSession | undefined,
): Promise<Reply> {
  const leaving = session?.leaving
  const answers = leaving?.requestId === inResponseTo && leaving.entityId === provider.entityId
  if (session === undefined || leaving === undefined || !answers) {
    throw new IdpRefusal('This answers no sign-out of this browser.')
  }
  const failed = success ? leaving.failed : [...leaving.failed, provider.label]
  return await leaveNext(environment, session, failed)
}

/** Asks the next party to end its session; when none is left, the identity provider's own is over, too. */
async function leaveNext(
  environment: IdpEnvironment,
  session: IdpSession,
  failed: readonly string[],
): Promise<Reply> {
  const { seal, key, serviceProviders } = environment
  const [party, ...parties] = session.parties
  if (party === undefined) return signedOutPage(failed, { 'set-cookie': endedIdpCookie })
  const [provider] = await serviceProviders.named(party.entityId)
  const endpoint = endpointFor(provider?.logout ?? [], 'redirect')
  if (endpoint === undefined) {
    const name = provider?.label ?? party.entityId
    return await leaveNext(environment, { ...session, parties }, [...failed, name])
  }
  const head = headOf(environment, endpoint.location)
  const leaving = { requestId: head.id, entityId: party.entityId, failed: [...failed] }
  const left = { ...session, user: undefined, parties, leaving }
  const xml = logoutRequestXml(head, party.nameId, session.sessionIndex)
  return sendMessage({
    field: 'SAMLRequest',
    binding: endpoint.binding,
    to: endpoint.location,
    xml,
    relayState: undefined,
    key,
    headers: { 'set-cookie': idpCookie(seal, left) },
  })
}

function headOf(environment: IdpEnvironment, destination: string) {
  const now = environment.now().getTime()
  return { id: randomId(), issuer: entityIdOf(environment), destination, now }
}

function endpointFor(
  endpoints: readonly LogoutEndpoint[],
  binding: LogoutEndpoint['binding'],
): LogoutEndpoint | undefined {
  return endpoints.find((endpoint) => endpoint.binding === binding) ?? endpoints[0]
}
