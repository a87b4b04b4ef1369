import { escapeMarkup } from '../http/html.ts'
import { formatInstant } from '../saml/instant.ts'
import { ASSERTION, PROTOCOL, SUCCESS } from '../saml/names.ts'
import type { NameId } from './name-id.ts'

/** The head of a logout message; `now` in milliseconds since the epoch. */
export interface LogoutHead {
  readonly id: string
  readonly issuer: string
  readonly destination: string
  readonly now: number
}

const LIFE_MILLISECONDS = 5 * 60 * 1000

/** SAML core §3.7.1 */
export function logoutRequestXml(head: LogoutHead, nameId: NameId, sessionIndex: string): string {
  const ends = formatInstant(head.now + LIFE_MILLISECONDS)
  return message(
    'LogoutRequest',
    head,
    ` NotOnOrAfter="${ends}"`,
    `<saml:NameID xmlns:saml="${ASSERTION}" Format="${nameId.format}">${escapeMarkup(nameId.value)}</saml:NameID>` +
      `<samlp:SessionIndex>${escapeMarkup(sessionIndex)}</samlp:SessionIndex>`,
  )
}

/** SAML core §3.7.2; `second` is a status below the first, such as PartialLogout. */
export function logoutResponseXml(
  head: LogoutHead,
  inResponseTo: string,
  success: boolean,
  second?: string,
): string {
  const status = (name: string): string => `urn:oasis:names:tc:SAML:2.0:status:${name}`
  const inner = second === undefined ? '' : `<samlp:StatusCode Value="${status(second)}"/>`
  const first = success ? SUCCESS : status('Requester')
  return message(
    'LogoutResponse',
    head,
    ` InResponseTo="${escapeMarkup(inResponseTo)}"`,
    `<samlp:Status><samlp:StatusCode Value="${first}">${inner}</samlp:StatusCode></samlp:Status>`,
  )
}

function message(name: string, head: LogoutHead, attributes: string, content: string): string {
  return (
    `<samlp:${name} xmlns:samlp="${PROTOCOL}" ID="${head.id}" Version="2.0" IssueInstant="${formatInstant(head.now)}"` +
    ` Destination="${escapeMarkup(head.destination)}"${attributes}>` +
    `<saml:Issuer xmlns:saml="${ASSERTION}">${escapeMarkup(head.issuer)}</saml:Issuer>${content}</samlp:${name}>`
  )
}
