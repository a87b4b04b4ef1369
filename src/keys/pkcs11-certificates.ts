import { X509Certificate } from 'node:crypto'
import type { Attribute } from './cryptoki.ts'
import type { Token, TokenSession } from './pkcs11-token.ts'
import type { Pkcs11Uri } from './pkcs11-uri.ts'

export const cka = {
  class: 0x0,
  label: 0x3,
  value: 0x11,
  certificateType: 0x80,
  id: 0x102,
  modulus: 0x120,
  alwaysAuthenticate: 0x202,
} as const

const certificateClass = 1
const x509 = 0

/** A certificate on a token. */
export interface TokenCertificate {
  readonly certificate: X509Certificate
  readonly token: Token
  readonly label: string
  /** CKA_ID, by which the key is found; empty when there is none. */
  readonly id: Buffer
}

/** The certificates on a token that a URI allows. What can't be read as X.509 is left out. */
export function certificatesOn(session: TokenSession, uri: Pkcs11Uri): readonly TokenCertificate[] {
  if (uri.text.type !== undefined && uri.text.type !== 'cert') return []
  const template: Attribute[] = [
    { type: cka.class, value: certificateClass },
    { type: cka.certificateType, value: x509 },
    ...objectAttributes(uri),
  ]
  return session.find(template).flatMap((object) => {
    const der = session.attribute(object, cka.value)
    const certificate = der && parsed(der)
    if (!certificate) return []
    const label = session.attribute(object, cka.label)?.toString('utf8') ?? ''
    const id = session.attribute(object, cka.id) ?? Buffer.alloc(0)
    return [{ certificate, token: session.token, label, id }]
  })
}

/** What a URI says about the object itself. */
export function objectAttributes({ text, id }: Pick<Pkcs11Uri, 'text' | 'id'>): Attribute[] {
  return [
    ...(text.object === undefined ? [] : [{ type: cka.label, value: text.object }]),
    ...(id === undefined ? [] : [{ type: cka.id, value: id }]),
  ]
}

/** The URI that names a certificate and nothing else (RFC 7512 §2.3). */
export function certificateUri({ token, label, id }: TokenCertificate): string {
  const { model, manufacturer, serial, token: name } = token.names
  const named = { model, manufacturer, serial, token: name, object: label }
  const parts = Object.entries(named)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(value ?? '')}`)
  const bytes = [...id].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`)
  return `pkcs11:${[...parts, ...(id.length > 0 ? [`id=${bytes.join('')}`] : []), 'type=cert'].join(';')}`
}

function parsed(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}
