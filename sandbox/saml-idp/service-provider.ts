import type { KeyObject } from 'node:crypto'
import { attribute, children, isElement } from '../saml/elements.ts'
import { certificatesOf } from '../saml/identity-provider-metadata.ts'
import { parseInstant } from '../saml/instant.ts'
import { METADATA, POST_BINDING, REDIRECT_BINDING } from '../saml/names.ts'
import { parseXml } from '../saml/parse-xml.ts'

/** What a service provider's metadata says (SAML metadata §2.4.4). */
export interface ServiceProvider {
  readonly entityId: string
  readonly keys: readonly KeyObject[]
  readonly signsRequests: boolean
  /** Assertion consumer services that take POST; the default one first. */
  readonly consumers: readonly { readonly location: string; readonly index: string }[]
  readonly logout: readonly LogoutEndpoint[]
}

export interface LogoutEndpoint {
  readonly binding: 'redirect' | 'post'
  readonly location: string
  readonly responseLocation: string
}

const BINDINGS = new Map<string, LogoutEndpoint['binding']>([
  [REDIRECT_BINDING, 'redirect'],
  [POST_BINDING, 'post'],
])

/** Reads an EntityDescriptor with one SPSSODescriptor. Throws an Error that says what is wrong with it. */
export function readServiceProvider(xml: string, now: Date): ServiceProvider {
  const root = parseXml(xml)
  const entityId = attribute(root, 'entityID') ?? ''
  const [role, second] = children(root, METADATA, 'SPSSODescriptor')
  if (!isElement(root, METADATA, 'EntityDescriptor') || entityId === '') {
    throw new Error('it is no EntityDescriptor with an entityID')
  }
  if (role === undefined || second !== undefined) throw new Error('it needs one SPSSODescriptor')
  const until = attribute(root, 'validUntil')
  if (until !== undefined && !((parseInstant(until) ?? 0) > now.getTime())) {
    throw new Error(`it was valid until ${until}`)
  }
  const consumers = readConsumers(role)
  if (consumers.length === 0) throw new Error('it has no AssertionConsumerService that takes POST')
  return {
    entityId,
    keys: children(role, METADATA, 'KeyDescriptor')
      .filter((key) => (attribute(key, 'use') ?? 'signing') === 'signing')
      .flatMap(certificatesOf)
      .map(({ publicKey }) => publicKey),
    signsRequests: isTrue(attribute(role, 'AuthnRequestsSigned')),
    consumers,
    logout: readLogout(role),
  }
}

/** xs:boolean */
export function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1'
}

function readConsumers(role: Element): ServiceProvider['consumers'] {
  const elements = children(role, METADATA, 'AssertionConsumerService').filter(
    (element) => attribute(element, 'Binding') === POST_BINDING,
  )
  const isDefault = (element: Element): boolean => isTrue(attribute(element, 'isDefault'))
  return [...elements.filter(isDefault), ...elements.filter((one) => !isDefault(one))].map(
    (element) => ({
      location: webAddress(attribute(element, 'Location')),
      index: attribute(element, 'index') ?? '',
    }),
  )
}

function readLogout(role: Element): LogoutEndpoint[] {
  return children(role, METADATA, 'SingleLogoutService').flatMap((element) => {
    const binding = BINDINGS.get(attribute(element, 'Binding') ?? '')
    if (binding === undefined) return []
    const location = webAddress(attribute(element, 'Location'))
    const responseLocation = webAddress(attribute(element, 'ResponseLocation') ?? location)
    return [{ binding, location, responseLocation }]
  })
}

function webAddress(text = ''): string {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`"${text}" is no web address`)
  }
  return text
}
