import { randomBytes } from 'node:crypto'
import { escapeMarkup } from '../http/html.ts'
import { formatInstant } from '../saml/instant.ts'
import { ASSERTION, BEARER, PROTOCOL, SUCCESS } from '../saml/names.ts'
import type { NameId } from './name-id.ts'

/** The head of a response, and whether it is a good one. Times are milliseconds since the epoch. */
export interface ResponseHead {
  readonly issuer: string
  readonly destination: string
  readonly inResponseTo: string | undefined
  readonly now: number
}

export interface AssertionContent {
  readonly nameId: NameId
  readonly audiences: readonly string[]
  readonly sessionIndex: string
  readonly authenticatedAt: number
  readonly sessionEnds: number
  readonly context: string
  readonly attributes: readonly (readonly [name: string, values: readonly string[]])[]
}

const LIFE_MILLISECONDS = 5 * 60 * 1000
const SKEW_MILLISECONDS = 60 * 1000

export function randomId(): string {
  return `_${randomBytes(20).toString('hex')}`
}

/** A Response with one assertion (SAML core §2, profiles §4.1.4.2), not yet signed. */
export function responseXml(head: ResponseHead, content: AssertionContent): string {
  return response(head, `<samlp:StatusCode Value="${SUCCESS}"/>`, assertion(head, content))
}

/** A Response that says why there is none: a second-level status of SAML core §3.2.2.2. */
export function refusalXml(head: ResponseHead, first: string, second: string): string {
  const status = (name: string): string => `urn:oasis:names:tc:SAML:2.0:status:${name}`
  const codes = `<samlp:StatusCode Value="${status(first)}"><samlp:StatusCode Value="${status(second)}"/></samlp:StatusCode>`
  return response(head, codes, '')
}

function response(head: ResponseHead, codes: string, content: string): string {
  const to =
    head.inResponseTo === undefined ? '' : ` InResponseTo="${escapeMarkup(head.inResponseTo)}"`
  return (
    `<samlp:Response xmlns:samlp="${PROTOCOL}" ID="${randomId()}" Version="2.0" IssueInstant="${formatInstant(head.now)}"` +
    ` Destination="${escapeMarkup(head.destination)}"${to}>` +
    `<saml:Issuer xmlns:saml="${ASSERTION}">${escapeMarkup(head.issuer)}</saml:Issuer>` +
    `<samlp:Status>${codes}</samlp:Status>${content}</samlp:Response>`
  )
}

function assertion(head: ResponseHead, content: AssertionContent): string {
  const { nameId, audiences } = content
  const ends = formatInstant(head.now + LIFE_MILLISECONDS)
  const to =
    head.inResponseTo === undefined ? '' : ` InResponseTo="${escapeMarkup(head.inResponseTo)}"`
  const audience = audiences.map((one) => `<saml:Audience>${escapeMarkup(one)}</saml:Audience>`)
  return (
    `<saml:Assertion xmlns:saml="${ASSERTION}" ID="${randomId()}" Version="2.0" IssueInstant="${formatInstant(head.now)}">` +
    `<saml:Issuer>${escapeMarkup(head.issuer)}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="${nameId.format}">${escapeMarkup(nameId.value)}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData NotOnOrAfter="${ends}"` +
    ` Recipient="${escapeMarkup(head.destination)}"${to}/></saml:SubjectConfirmation></saml:Subject>` +
    `<saml:Conditions NotBefore="${formatInstant(head.now - SKEW_MILLISECONDS)}" NotOnOrAfter="${ends}">` +
    `<saml:AudienceRestriction>${audience.join('')}</saml:AudienceRestriction></saml:Conditions>` +
    `<saml:AuthnStatement AuthnInstant="${formatInstant(content.authenticatedAt)}"` +
    ` SessionIndex="${content.sessionIndex}" SessionNotOnOrAfter="${formatInstant(content.sessionEnds)}">` +
    `<saml:AuthnContext><saml:AuthnContextClassRef>${escapeMarkup(content.context)}</saml:AuthnContextClassRef>` +
    `</saml:AuthnContext></saml:AuthnStatement>${attributeStatement(content)}</saml:Assertion>`
  )
}

function attributeStatement({ attributes }: AssertionContent): string {
  const elements = attributes
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => {
      const list = values.map(
        (value) => `<saml:AttributeValue>${escapeMarkup(value)}</saml:AttributeValue>`,
      )
      return `<saml:Attribute Name="${escapeMarkup(name)}">${list.join('')}</saml:Attribute>`
    })
  return `<saml:AttributeStatement>${elements.join('')}</saml:AttributeStatement>`
}
