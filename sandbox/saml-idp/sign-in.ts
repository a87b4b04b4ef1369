import { redirectReply, type Reply } from '../http/reply.ts'
import { headerValues, type SandboxRequest } from '../http/request.ts'
import { readAuthnRequest } from './authn-request.ts'
import type { IdpUser } from './demo-users.ts'
import { type IdpEnvironment, IdpRefusal } from './idp-environment.ts'
import { idpCookie, type IdpSession, readIdpSession } from './idp-session.ts'
import { homePage, signInPage } from './pages.ts'
import { openPending, type PendingSignOn, sealPending } from './pending-sign-on.ts'
import { receiveMessage } from './received-message.ts'
import { randomId } from './response-xml.ts'
import type { KnownServiceProvider } from './service-providers.ts'
import { refuseSignOn, signOn } from './sign-on.ts'

const TO_SIGN_IN_MILLISECONDS = 10 * 60 * 1000
const SESSION_MILLISECONDS = 8 * 3600 * 1000
const LONGEST_RELAY_STATE = 512

/** `/sso`: a service provider asks who this is. */
export async function answerSignOn(
  environment: IdpEnvironment,
  request: SandboxRequest,
): Promise<Reply> {
  const asked = await readAuthnRequest(receiveMessage(request), environment)
  const pending = {
    entityId: asked.provider.entityId,
    consumer: asked.consumer,
    requestId: asked.id,
    relayState: asked.relayState,
    nameIdFormat: asked.nameIdFormat,
    contexts: [...asked.contexts],
    until: environment.now().getTime() + TO_SIGN_IN_MILLISECONDS,
  }
  const signedIn = asked.forceAuthn ? undefined : whoIs(environment, request)
  if (signedIn !== undefined) return signOn(environment, pending, asked.provider, signedIn)
  if (asked.isPassive) return refuseSignOn(environment, pending, 'NoPassive')
  const sealed = sealPending(environment.seal, pending)
  return signInPage(environment.users, sealed, asked.provider.label)
}

/** `/start?sp=0&RelayState=…`: the identity provider goes first. */
export async function answerStart(
  environment: IdpEnvironment,
  request: SandboxRequest,
): Promise<Reply> {
  const { values } = request.form
  const listed = (await environment.serviceProviders.list()).find(
    (_, i) => String(i) === values.get('sp'),
  )
  const provider = listed?.provider
  const consumer = provider?.consumers[0]
  if (provider === undefined || consumer === undefined) {
    throw new IdpRefusal(listed?.fault ?? 'There is no such service provider.')
  }
  const relayState = values.get('RelayState')
  if ((relayState?.length ?? 0) > LONGEST_RELAY_STATE)
    throw new IdpRefusal('RelayState is too long.')
  const until = environment.now().getTime() + TO_SIGN_IN_MILLISECONDS
  const { entityId } = provider
  const pending = { entityId, consumer: consumer.location, relayState, contexts: [], until }
  const signedIn = whoIs(environment, request)
  if (signedIn !== undefined) return signOn(environment, pending, provider, signedIn)
  return signInPage(environment.users, sealPending(environment.seal, pending), provider.label)
}

/** `POST /sign-in`: somebody chose who to be. */
export async function answerSignIn(
  environment: IdpEnvironment,
  request: SandboxRequest,
): Promise<Reply> {
  const { now, seal, users, serviceProviders } = environment
  checkOwnForm(request)
  const { values } = request.form
  const user = users.find(({ name }) => name === values.get('user'))
  if (user === undefined) throw new IdpRefusal('There is no such person.')
  const startedAt = now().getTime()
  const endsAt = startedAt + SESSION_MILLISECONDS
  const session = { user: user.id, sessionIndex: randomId(), startedAt, endsAt, parties: [] }
  const sealed = values.get('pending') ?? ''
  if (sealed === '') return redirectReply('/', { 'set-cookie': idpCookie(seal, session) })
  const pending = openPending(seal, sealed, now())
  const provider = pending && (await providerOf(pending, serviceProviders))
  if (pending === undefined || provider === undefined) {
    throw new IdpRefusal('The sign-in took too long. Go back to where you started, and try again.')
  }
  return signOn(environment, pending, provider, { user, session })
}

/** `/`: who is signed in here. */
export async function answerHome(
  environment: IdpEnvironment,
  request: SandboxRequest,
): Promise<Reply> {
  const signedIn = whoIs(environment, request)
  if (signedIn === undefined) return signInPage(environment.users, '', undefined)
  const services = await environment.serviceProviders.list()
  const origins = services.flatMap(({ provider }) =>
    (provider?.logout ?? []).map(({ location }) => new URL(location).origin),
  )
  return homePage(signedIn.user, services, origins)
}

/** A web page elsewhere must not sign anybody in or out. */
export function checkOwnForm(request: SandboxRequest): void {
  const [site = 'same-origin'] = headerValues(request, 'sec-fetch-site')
  if (request.method !== 'POST' || !['same-origin', 'none'].includes(site)) {
    throw new IdpRefusal("This takes POST from the identity provider's own pages.")
  }
}

function whoIs(
  { seal, users, now }: IdpEnvironment,
  request: SandboxRequest,
): { user: IdpUser; session: IdpSession } | undefined {
  const session = readIdpSession(seal, request, now())
  const user = users.find(({ id }) => id === session?.user)
  return session && user && { user, session }
}

async function providerOf(
  { entityId, consumer }: PendingSignOn,
  serviceProviders: IdpEnvironment['serviceProviders'],
): Promise<KnownServiceProvider | undefined> {
  const known = await serviceProviders.named(entityId)
  return known.find(({ consumers }) => consumers.some(({ location }) => location === consumer))
}
