import { assertionNs, encryptionNs, protocolNs, signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import type { XmlElement } from './xml/xml-element.ts'

const ncName = /^[A-Za-z_][\w.-]{0,255}$/

// Where the elements that decide may stand, whatever namespace they claim. '' is the root.
const places: ReadonlyMap<string, { namespace: string; parents: readonly string[] }> = new Map([
  ['Response', { namespace: protocolNs, parents: [''] }],
  ['LogoutRequest', { namespace: protocolNs, parents: [''] }],
  ['LogoutResponse', { namespace: protocolNs, parents: [''] }],
  ['Assertion', { namespace: assertionNs, parents: ['', 'Response'] }],
  ['EncryptedAssertion', { namespace: assertionNs, parents: ['Response'] }],
  ['EncryptedData', { namespace: encryptionNs, parents: ['EncryptedAssertion'] }],
  ['EncryptedKey', { namespace: encryptionNs, parents: ['KeyInfo', 'EncryptedAssertion'] }],
  [
    'Signature',
    {
      namespace: signatureNs,
      parents: ['Response', 'Assertion', 'LogoutRequest', 'LogoutResponse'],
    },
  ],
  ['SignedInfo', { namespace: signatureNs, parents: ['Signature'] }],
  ['SignatureValue', { namespace: signatureNs, parents: ['Signature'] }],
])

/**
 * Checks that the elements which signature, decryption and identity hang on stand only where the protocol has them, each
 * in its own namespace, and that every ID in the message is unique, whichever of ID, Id and id holds it. Wrapping
 * attacks need one of these to be otherwise. Throws SamlRefusal.
 */
export function checkMessageShape(root: XmlElement): void {
  const ids = new Set<string>()

  function check(element: XmlElement, parent: string): void {
    const place = places.get(element.localName)
    if (place && (element.namespace !== place.namespace || !place.parents.includes(parent)))
      refuse('saml_structure', `Found: ${element.localName} in ${parent || 'place of the root'}.`)
    let id: string | undefined
    for (const attribute of element.attributes) {
      if (attribute.localName.toLowerCase() !== 'id') continue
      if (attribute.namespace !== '' || id !== undefined)
        refuse('saml_id', `Found: ${attribute.name} on ${element.localName}.`)
      id = attribute.value
      if (!ncName.test(id)) refuse('saml_id', `Found: a malformed ID on ${element.localName}.`)
      if (ids.has(id)) refuse('saml_id', `Found: the ID of ${element.localName} twice.`)
      ids.add(id)
    }
    for (const child of element.children) check(child, element.localName)
  }

  check(root, '')
}

/** Checks that the children are among `allowed` (by local name, in the order given, at most once each unless `many`). */
export function checkChildren(
  element: XmlElement,
  allowed: readonly {
    readonly namespace: string
    readonly localName: string
    readonly many?: true
  }[],
): void {
  let at = 0
  for (const child of element.children) {
    const found = allowed.findIndex(
      ({ namespace, localName }, index) =>
        index >= at && child.namespace === namespace && child.localName === localName,
    )
    const kind = allowed[found]
    if (!kind) refuse('saml_structure', `Found: ${child.localName} in ${element.localName}.`)
    at = kind.many ? found : found + 1
  }
  if (element.text.trim() !== '') refuse('saml_structure', `Found: text in ${element.localName}.`)
}
