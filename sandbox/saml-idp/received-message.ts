import { type KeyObject, verify } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import type { SandboxRequest } from '../http/request.ts'
import { RSA_SHA256, RSA_SHA512 } from '../saml/names.ts'
import { parseXml, XmlFault } from '../saml/parse-xml.ts'
import { SignatureFault, signedCopy } from '../saml/signed-copy.ts'
import { IdpRefusal } from './idp-environment.ts'

/** A SAML message that a browser brought. */
export interface ReceivedMessage {
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly binding: 'redirect' | 'post'
  /** Unverified. */
  readonly root: Element
  readonly relayState: string | undefined
  /** What one of these keys signed, or undefined where nothing is signed. Throws IdpRefusal for a bad signature. */
  verified(keys: readonly KeyObject[]): Element | undefined
}

const LONGEST = 64 * 1024
const LONGEST_RELAY_STATE = 80
const DIGESTS = new Map([
  [RSA_SHA256, 'sha256'],
  [RSA_SHA512, 'sha512'],
])

/** Reads a message by redirect or POST (SAML bindings §3.4, §3.5). Throws IdpRefusal. */
export function receiveMessage(request: SandboxRequest): ReceivedMessage {
  const { form, method } = request
  if (form.malformed || form.duplicate !== undefined) throw new IdpRefusal('The form is malformed.')
  const fields = (['SAMLRequest', 'SAMLResponse'] as const).filter((name) => form.values.has(name))
  const [field, second] = fields
  if (field === undefined || second !== undefined) {
    throw new IdpRefusal('The request needs a SAMLRequest or a SAMLResponse.')
  }
  const relayState = form.values.get('RelayState')
  if (Buffer.byteLength(relayState ?? '') > LONGEST_RELAY_STATE) {
    throw new IdpRefusal('RelayState is longer than the 80 bytes of SAML bindings §3.4.3.')
  }
  const value = form.values.get(field) ?? ''
  try {
    return method === 'POST'
      ? posted(field, value, relayState)
      : redirected(field, value, relayState, request.query)
  } catch (error) {
    if (error instanceof XmlFault)
      throw new IdpRefusal(`The message can't be read: ${error.message}.`)
    throw error
  }
}

function posted(
  field: ReceivedMessage['field'],
  value: string,
  relayState: string | undefined,
): ReceivedMessage {
  const xml = utf8(base64(value))
  const root = parseXml(xml)
  const verified = (keys: readonly KeyObject[]): Element | undefined => {
    try {
      return signedCopy(xml, root, { keys, sha1: false })?.element
    } catch (error) {
      if (error instanceof SignatureFault || error instanceof XmlFault) throw badSignature()
      throw error
    }
  }
  return { field, binding: 'post', root, relayState, verified }
}

function redirected(
  field: ReceivedMessage['field'],
  value: string,
  relayState: string | undefined,
  query: string,
): ReceivedMessage {
  const root = parseXml(utf8(inflate(base64(value))))
  const parts = new Map(query.split('&').map((pair) => [pair.split('=')[0] ?? '', pair]))
  const verified = (keys: readonly KeyObject[]): Element | undefined => {
    const [algorithm, signature] = ['SigAlg', 'Signature'].map((name) => rawValue(parts.get(name)))
    if (algorithm === undefined && signature === undefined) return undefined
    // The signature is over the octets as they came, in this order (SAML bindings §3.4.4.1).
    const signed = [field, 'RelayState', 'SigAlg'].flatMap((name) => parts.get(name) ?? [])
    const digest = DIGESTS.get(algorithm ?? '')
    const bytes = Buffer.from(signature ?? '', 'base64')
    const text = Buffer.from(signed.join('&'))
    const holds = digest !== undefined && keys.some((key) => verify(digest, text, key, bytes))
    if (!holds) throw badSignature()
    return root
  }
  return { field, binding: 'redirect', root, relayState, verified }
}

function rawValue(pair: string | undefined): string | undefined {
  return pair === undefined ? undefined : decodeURIComponent(pair.slice(pair.indexOf('=') + 1))
}

function base64(text: string): Buffer {
  const bare = text.replace(/[\r\n]/g, '')
  if (bare.length > LONGEST || !/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) {
    throw new IdpRefusal('The message is no base64, or longer than 64 KiB.')
  }
  return Buffer.from(bare, 'base64')
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: LONGEST })
  } catch {
    throw new IdpRefusal('The message is not compressed as the redirect binding asks.')
  }
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new IdpRefusal('The message is no UTF-8.')
  }
}

function badSignature(): IdpRefusal {
  return new IdpRefusal("The message's signature does not hold.")
}
