import { createVerify } from 'node:crypto'
import { refuse } from './saml-refusal.ts'
import type { SignaturePolicy } from './signature-shape.ts'

const algorithms: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'RSA-SHA256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'RSA-SHA512'],
])
const sha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
const fields = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature']

/** The fields of a message in a query, as they may be used once the signature over them is verified. */
export interface RedirectedMessage {
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly encoded: string
  readonly relayState: string | undefined
}

/**
 * Verifies a signed query (SAML bindings §3.4.4.1) over the octets as they came, and returns the fields that the
 * signature covers. A message without a signature, a field given twice, and any algorithm but RSA with SHA-2 (SHA-1
 * where allowed) are refused. Throws SamlRefusal.
 */
export function verifyRedirect(
  rawQuery: string,
  certificates: readonly string[],
  policy: SignaturePolicy,
): RedirectedMessage {
  const raw = splitQuery(rawQuery)
  const request = raw.get('SAMLRequest')
  const response = raw.get('SAMLResponse')
  const signature = raw.get('Signature')
  const sigAlg = raw.get('SigAlg')
  const relayState = raw.get('RelayState')
  if ((request === undefined) === (response === undefined))
    refuse('saml_field', 'Found: not one of SAMLRequest and SAMLResponse.')
  if (signature === undefined || sigAlg === undefined) refuse('saml_signature_missing')
  const algorithm = decode(sigAlg)
  const hash =
    algorithms.get(algorithm) ?? (policy.allowSha1 && algorithm === sha1 ? 'RSA-SHA1' : '')
  if (hash === '') refuse('saml_signature_algorithm', `Found: ${algorithm.slice(0, 100)}.`)
  const field = request === undefined ? 'SAMLResponse' : 'SAMLRequest'
  const encoded = request ?? response ?? ''
  const covered = [
    `${field}=${encoded}`,
    ...(relayState === undefined ? [] : [`RelayState=${relayState}`]),
    `SigAlg=${sigAlg}`,
  ].join('&')
  const bytes = Buffer.from(decode(signature), 'base64')
  const verifies = (certificate: string) =>
    createVerify(hash).update(covered).verify(certificate, bytes)
  if (!certificates.some(verifies)) refuse('saml_signature_invalid')
  return {
    field,
    encoded: decode(encoded),
    relayState: relayState === undefined ? undefined : decode(relayState),
  }
}

function splitQuery(rawQuery: string): ReadonlyMap<string, string> {
  const raw = new Map<string, string>()
  for (const part of rawQuery.replace(/^\?/, '').split('&')) {
    const at = part.indexOf('=')
    const name = at === -1 ? part : part.slice(0, at)
    // A name in other letters would be read as one of ours by whoever decodes first.
    if (!/^[A-Za-z]+$/.test(name)) refuse('saml_field', 'Found: a field with an encoded name.')
    if (raw.has(name) && fields.includes(name)) refuse('saml_field', `Found: ${name} twice.`)
    raw.set(name, at === -1 ? '' : part.slice(at + 1))
  }
  return raw
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return refuse('saml_field', 'Found: broken percent-encoding.')
  }
}
