import { attribute, children, isElement, onlyChild, textOf } from '../saml/elements.ts'
import { ASSERTION, POST_BINDING, PROTOCOL } from '../saml/names.ts'
import { XmlFault } from '../saml/parse-xml.ts'
import { type IdpEnvironment, IdpRefusal } from './idp-environment.ts'
import { checkHead, issuerOf } from './message-head.ts'
import type { ReceivedMessage } from './received-message.ts'
import { isTrue } from './service-provider.ts'
import type { KnownServiceProvider } from './service-providers.ts'

/** What a service provider asks for (SAML core §3.4.1), once it is known to be that service provider's. */
export interface AuthnRequest {
  readonly provider: KnownServiceProvider
  readonly id: string
  readonly consumer: string
  readonly relayState: string | undefined
  readonly forceAuthn: boolean
  readonly isPassive: boolean
  readonly nameIdFormat: string | undefined
  /** Authentication contexts of which one will do; none for any. */
  readonly contexts: readonly string[]
}

/** Reads an AuthnRequest and holds it against the metadata of who sent it. Throws IdpRefusal. */
export async function readAuthnRequest(
  message: ReceivedMessage,
  { serviceProviders, origin, now }: IdpEnvironment,
): Promise<AuthnRequest> {
  const issuer = issuerOf(message.root)
  const known = await serviceProviders.named(issuer)
  const [first] = known
  if (first === undefined) throw new IdpRefusal(await strangerMessage(issuer, serviceProviders))
  const signed = message.verified(known.flatMap(({ keys }) => keys))
  if (signed === undefined && known.some(({ signsRequests }) => signsRequests)) {
    throw new IdpRefusal('The metadata says that requests are signed, and this one is not.')
  }
  const request = signed ?? message.root
  if (message.field !== 'SAMLRequest' || !isElement(request, PROTOCOL, 'AuthnRequest')) {
    throw new IdpRefusal('The message is no AuthnRequest.')
  }
  const destination = `${origin}/sso`
  try {
    const id = checkHead(request, { destination, signed: signed !== undefined, now: now() })
    return {
      ...readWishes(request),
      ...findConsumer(request, known),
      id,
      relayState: message.relayState,
    }
  } catch (error) {
    if (error instanceof XmlFault)
      throw new IdpRefusal(`The request is malformed: ${error.message}.`)
    throw error
  }
}

async function strangerMessage(
  issuer: string,
  serviceProviders: IdpEnvironment['serviceProviders'],
): Promise<string> {
  const faults = (await serviceProviders.list()).flatMap(({ label, fault }) =>
    fault === undefined ? [] : [` The metadata of ${label} can't be had: ${fault}.`],
  )
  return `"${issuer}" is no service provider that this identity provider knows.${faults.join('')}`
}

function readWishes(
  request: Element,
): Pick<AuthnRequest, 'forceAuthn' | 'isPassive' | 'nameIdFormat' | 'contexts'> {
  const policy = onlyChild(request, PROTOCOL, 'NameIDPolicy')
  const context = onlyChild(request, PROTOCOL, 'RequestedAuthnContext')
  return {
    forceAuthn: isTrue(attribute(request, 'ForceAuthn')),
    isPassive: isTrue(attribute(request, 'IsPassive')),
    nameIdFormat: policy && attribute(policy, 'Format'),
    contexts: context ? children(context, ASSERTION, 'AuthnContextClassRef').map(textOf) : [],
  }
}

/** Where the response goes: an address of the metadata, whatever the request says. */
function findConsumer(
  request: Element,
  known: readonly KnownServiceProvider[],
): Pick<AuthnRequest, 'provider' | 'consumer'> {
  const binding = attribute(request, 'ProtocolBinding')
  if (binding !== undefined && binding !== POST_BINDING) {
    throw new IdpRefusal('ProtocolBinding asks for another binding than HTTP-POST.')
  }
  const url = attribute(request, 'AssertionConsumerServiceURL')
  const index = attribute(request, 'AssertionConsumerServiceIndex')
  for (const provider of known) {
    const consumer = provider.consumers.find(
      ({ location, index: at }) =>
        (url === undefined || url === location) && (index === undefined || index === at),
    )
    if (consumer !== undefined) return { provider, consumer: consumer.location }
  }
  throw new IdpRefusal(
    `The metadata has no AssertionConsumerService "${url ?? index ?? ''}" that takes POST.`,
  )
}
