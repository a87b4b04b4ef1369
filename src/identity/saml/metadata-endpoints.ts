import type { SamlBinding, SamlEndpoint } from './identity-provider.ts'
import { MetadataFault } from './metadata-fault.ts'
import { metadataNs, postBinding, redirectBinding } from './saml-names.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

const bindings: ReadonlyMap<string, SamlBinding> = new Map([
  [redirectBinding, 'redirect'],
  [postBinding, 'post'],
])

/**
 * The endpoints of one kind whose binding Postern speaks. Other bindings are passed over; an address that is not https
 * (http on loopback) is a fault, because browsers would carry people there. Throws MetadataFault.
 */
export function readEndpoints(
  descriptor: XmlElement,
  name: 'SingleSignOnService' | 'SingleLogoutService',
): readonly SamlEndpoint[] {
  return childrenOf(descriptor, metadataNs, name).flatMap((element) => {
    const binding = bindings.get(attributeOf(element, 'Binding') ?? '')
    if (!binding) return []
    const responseLocation = attributeOf(element, 'ResponseLocation')
    return [
      {
        binding,
        location: checkLocation(attributeOf(element, 'Location') ?? '', name),
        responseLocation: responseLocation && checkLocation(responseLocation, name),
      },
    ]
  })
}

/** The address as it stands, if a browser may be sent there. Throws MetadataFault. */
function checkLocation(location: string, what: string): string {
  const url = URL.parse(location)
  // Other characters that a URL lets a host have would mean something in a header that names it (CSP Level 3, §2.3.1).
  const plain = /^(?:[a-z\d.-]+|\[[\da-f:.]+\])$/.test(url?.hostname ?? '')
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback)
  if (!url || !safe || !plain || url.username !== '' || url.password !== '' || url.hash !== '')
    throw new MetadataFault(
      `The address of ${what} must be an https URL without user name and fragment. Found: ${location.slice(0, 256)}`,
    )
  return location
}
