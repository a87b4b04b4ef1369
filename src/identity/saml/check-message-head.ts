import { checkIssuer } from './check-issuer.ts'
import { requireInstant } from './saml-instant.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, type XmlElement } from './xml/xml-element.ts'

/** What the head of a message must agree with. Times in milliseconds. */
export interface MessageHead {
  readonly issuer: string
  readonly destination: string
  readonly now: number
  readonly skew: number
  readonly maxAge: number
}

/** Checks what every request and response carries: Version, Destination, IssueInstant, Issuer (SAML core §3.2). */
export function checkMessageHead(
  message: XmlElement,
  head: MessageHead,
  issuerOptional = false,
): void {
  checkVersion(message)
  const destination = attributeOf(message, 'Destination')
  if (destination !== head.destination)
    refuse('saml_destination', `Found: ${destination?.slice(0, 256) ?? 'none'}.`)
  checkIssueInstant(message, head)
  checkIssuer(message, head.issuer, issuerOptional)
}

/** Version is 2.0. */
export function checkVersion(element: XmlElement): void {
  if (attributeOf(element, 'Version') !== '2.0')
    refuse('saml_version', `Found on: ${element.localName}.`)
}

/** IssueInstant is neither in the future nor longer ago than `maxAge`. Returns it. */
export function checkIssueInstant(
  element: XmlElement,
  { now, skew, maxAge }: Pick<MessageHead, 'now' | 'skew' | 'maxAge'>,
): number {
  const issued = requireInstant(attributeOf(element, 'IssueInstant'), 'IssueInstant')
  if (issued > now + skew || issued <= now - skew - maxAge)
    refuse('saml_issue_instant', `Found: ${String(Math.round((issued - now) / 1000))} s from now.`)
  return issued
}
