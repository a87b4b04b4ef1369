import type { KeyObject } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { attribute, children, onlyChild } from './elements.ts'
import {
  ENVELOPED,
  EXCLUSIVE_C14N,
  INCLUSIVE_C14N,
  RSA_SHA1,
  RSA_SHA256,
  RSA_SHA512,
  SHA1,
  SHA256,
  SHA512,
  SIGNATURE,
} from './names.ts'
import { parseXml } from './parse-xml.ts'

/** A signature that is there and doesn't hold. */
export class SignatureFault extends Error {}

/** Whom to believe, and whether SHA-1 still counts. */
export interface Trust {
  readonly keys: readonly KeyObject[]
  readonly sha1: boolean
}

/** What a signature covers, as the bytes that were verified and as those bytes read again. */
export interface SignedCopy {
  readonly xml: string
  readonly element: Element
}

const CANONICALIZATIONS = [EXCLUSIVE_C14N, INCLUSIVE_C14N]

/**
 * Verifies the enveloped signature of `element`, which stands in `xml`, and gives what it covers: read from the
 * canonical bytes alone, so that nothing around or beside them counts. Undefined where there is no signature; throws
 * SignatureFault for one that doesn't hold.
 */
export function signedCopy(xml: string, element: Element, trust: Trust): SignedCopy | undefined {
  const [signature, second] = children(element, SIGNATURE, 'Signature')
  if (signature === undefined) return undefined
  if (second !== undefined) throw new SignatureFault('two signatures')
  const id = attribute(element, 'ID') ?? ''
  checkShape(signature, id, trust.sha1)
  const canonical = trust.keys.map((key) => verified(xml, signature, key)).find(Boolean)
  if (canonical === undefined) throw new SignatureFault('no key verifies it')
  const copy = parseXml(canonical)
  const same =
    copy.namespaceURI === element.namespaceURI &&
    copy.localName === element.localName &&
    attribute(copy, 'ID') === id
  if (!same) throw new SignatureFault('it covers another element')
  return { xml: canonical, element: copy }
}

/** SAML core §5.4: one reference, to the parent's ID, with no transforms but these. */
function checkShape(signature: Element, id: string, sha1: boolean): void {
  const info = must(onlyChild(signature, SIGNATURE, 'SignedInfo'), 'SignedInfo')
  const reference = must(onlyChild(info, SIGNATURE, 'Reference'), 'Reference')
  const transforms = must(onlyChild(reference, SIGNATURE, 'Transforms'), 'Transforms')
  const names = children(transforms, SIGNATURE, 'Transform').map(algorithm)
  const fits =
    id !== '' &&
    attribute(reference, 'URI') === `#${id}` &&
    [RSA_SHA256, RSA_SHA512, ...(sha1 ? [RSA_SHA1] : [])].includes(
      child(info, 'SignatureMethod'),
    ) &&
    [SHA256, SHA512, ...(sha1 ? [SHA1] : [])].includes(child(reference, 'DigestMethod')) &&
    CANONICALIZATIONS.includes(child(info, 'CanonicalizationMethod')) &&
    names[0] === ENVELOPED &&
    names.slice(1).every((name) => CANONICALIZATIONS.includes(name)) &&
    names.length <= 2
  if (!fits) throw new SignatureFault('its shape')
}

function must(element: Element | undefined, name: string): Element {
  if (element === undefined) throw new SignatureFault(`no ${name}`)
  return element
}

function child(parent: Element, name: string): string {
  return algorithm(must(onlyChild(parent, SIGNATURE, name), name))
}

function algorithm(element: Element): string {
  return attribute(element, 'Algorithm') ?? ''
}

function verified(xml: string, signature: Element, key: KeyObject): string | undefined {
  // Without getCertFromKeyInfo the library takes no key from the message itself.
  const check = new SignedXml({ publicCert: key })
  try {
    check.loadSignature(signature)
    if (!check.checkSignature(xml)) return undefined
  } catch {
    return undefined
  }
  const [canonical, more] = check.getSignedReferences()
  return more === undefined ? canonical : undefined
}
