import { assertionNs, protocolNs } from './saml-names.ts'
import { formatInstant } from './saml-instant.ts'
import type { NameId } from './check-subject.ts'
import { escapeXml } from './xml/xml-characters.ts'

/** What every message of ours carries. */
export interface MessageHeader {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly issuer: string
  readonly destination: string
}

/** A LogoutRequest (SAML core §3.7.1), as XML. */
export function logoutRequestText(
  header: MessageHeader,
  nameId: NameId,
  sessionIndex: string | undefined,
): string {
  const index =
    sessionIndex === undefined
      ? ''
      : `<samlp:SessionIndex>${escapeXml(sessionIndex)}</samlp:SessionIndex>`
  return element('LogoutRequest', header, '', `${nameIdText(nameId)}${index}`)
}

/** A LogoutResponse (SAML core §3.7.2), as XML. */
export function logoutResponseText(
  header: MessageHeader,
  inResponseTo: string,
  success: boolean,
): string {
  const status = success ? 'Success' : 'Responder'
  return element(
    'LogoutResponse',
    header,
    ` InResponseTo="${escapeXml(inResponseTo)}"`,
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status>`,
  )
}

function element(name: string, header: MessageHeader, attributes: string, content: string): string {
  const { id, issuedAt, issuer, destination } = header
  return (
    `<samlp:${name} xmlns:samlp="${protocolNs}" xmlns:saml="${assertionNs}" ID="${escapeXml(id)}"` +
    ` Version="2.0" IssueInstant="${formatInstant(issuedAt)}" Destination="${escapeXml(destination)}"` +
    `${attributes}><saml:Issuer>${escapeXml(issuer)}</saml:Issuer>${content}</samlp:${name}>`
  )
}

function nameIdText({ value, format, nameQualifier, spNameQualifier }: NameId): string {
  const attributes = Object.entries({
    Format: format,
    NameQualifier: nameQualifier,
    SPNameQualifier: spNameQualifier,
  }).map(([name, text]) => (text === undefined ? '' : ` ${name}="${escapeXml(text)}"`))
  return `<saml:NameID${attributes.join('')}>${escapeXml(value)}</saml:NameID>`
}
