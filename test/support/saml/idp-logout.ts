import { createSign, randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { idpEntityId, logoutUrl } from './core-target.ts'
import { assertion, protocol, rsaSha256, signElement } from './saml-response.ts'
import type { TestKey } from './self-signed.ts'

export interface LogoutPlan {
  readonly id?: string
  readonly nameId?: string
  readonly nameIdElement?: string
  readonly issuer?: string
  readonly destination?: string
  readonly issuedAt?: Date
  readonly notOnOrAfter?: string
  readonly sessionIndex?: string
  readonly extra?: string
}

/** A LogoutRequest as a provider writes it, unsigned. */
export function logoutRequestXml(plan: LogoutPlan = {}): string {
  const { id = `_${randomBytes(16).toString('hex')}`, issuedAt = new Date() } = plan
  const end = plan.notOnOrAfter === undefined ? '' : ` NotOnOrAfter="${plan.notOnOrAfter}"`
  return (
    `<samlp:LogoutRequest xmlns:samlp="${protocol}" xmlns:saml="${assertion}" ID="${id}" Version="2.0"` +
    ` IssueInstant="${issuedAt.toISOString()}" Destination="${plan.destination ?? logoutUrl}"${end}>` +
    `<saml:Issuer>${plan.issuer ?? idpEntityId}</saml:Issuer>` +
    (plan.nameIdElement ?? `<saml:NameID>${plan.nameId ?? 'alice'}</saml:NameID>`) +
    `<samlp:SessionIndex>${plan.sessionIndex ?? 's1'}</samlp:SessionIndex>${plan.extra ?? ''}</samlp:LogoutRequest>`
  )
}

/** A LogoutResponse as a provider writes it, unsigned. */
export function logoutResponseXml(inResponseTo: string, status = 'Success'): string {
  return (
    `<samlp:LogoutResponse xmlns:samlp="${protocol}" xmlns:saml="${assertion}" ID="_${randomBytes(16).toString('hex')}"` +
    ` Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${logoutUrl}" InResponseTo="${inResponseTo}">` +
    `<saml:Issuer>${idpEntityId}</saml:Issuer><samlp:Status><samlp:StatusCode` +
    ` Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status></samlp:LogoutResponse>`
  )
}

/** The query that carries a message by redirect, signed. */
export function signedQuery(
  field: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  key: TestKey,
  { relayState, sigAlg = rsaSha256, hash = 'RSA-SHA256' }: Readonly<Record<string, string>> = {},
): string {
  const relay = relayState === undefined ? '' : `&RelayState=${encodeURIComponent(relayState)}`
  const encoded = encodeURIComponent(deflateRawSync(xml).toString('base64'))
  const query = `${field}=${encoded}${relay}&SigAlg=${encodeURIComponent(sigAlg)}`
  const signature = createSign(hash).update(query).sign(key.privateKey, 'base64')
  return `${query}&Signature=${encodeURIComponent(signature)}`
}

/** A message for the POST binding, signed. */
export function signedPost(xml: string, key: TestKey): string {
  const id = / ID="([^"]+)"/.exec(xml)?.[1] ?? ''
  return signElement(xml, id, key)
}
