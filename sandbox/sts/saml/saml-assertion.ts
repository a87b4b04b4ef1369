import { attribute, children, onlyChild, textOf } from '../../saml/elements.ts'
import { parseInstant } from '../../saml/instant.ts'
import { ASSERTION, BEARER } from '../../saml/names.ts'
import { XmlFault } from '../../saml/parse-xml.ts'

/** What STS reads in an assertion. Times are milliseconds since the epoch. */
export interface SamlAssertion {
  readonly issuer: string
  readonly issuedAt: number
  readonly subject: { readonly name: string; readonly format: string } | undefined
  readonly recipient: string
  readonly confirmationEnds: number
  readonly notBefore: number | undefined
  readonly notOnOrAfter: number | undefined
  /** One list for each AudienceRestriction, all of which must be met. */
  readonly audiences: readonly (readonly string[])[]
  readonly sessionEnds: number | undefined
  /** Name of each Attribute and its values, those of repeated ones together. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
}

const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'

/** Reads an assertion whose signature has been verified. Throws XmlFault for what no assertion may look like. */
export function readAssertion(assertion: Element): SamlAssertion {
  const conditions = onlyChild(assertion, ASSERTION, 'Conditions')
  const subject = need(onlyChild(assertion, ASSERTION, 'Subject'), 'Subject')
  const ends = children(assertion, ASSERTION, 'AuthnStatement')
    .map((statement) => moment(statement, 'SessionNotOnOrAfter'))
    .filter((time) => time !== undefined)
  return {
    issuer: textOf(need(onlyChild(assertion, ASSERTION, 'Issuer'), 'Issuer')),
    issuedAt: needMoment(assertion, 'IssueInstant'),
    subject: readNameId(subject),
    ...readConfirmation(subject),
    notBefore: conditions && moment(conditions, 'NotBefore'),
    notOnOrAfter: conditions && moment(conditions, 'NotOnOrAfter'),
    audiences: conditions === undefined ? [] : readAudiences(conditions),
    sessionEnds: ends.length === 0 ? undefined : Math.min(...ends),
    attributes: readAttributes(assertion),
  }
}

function readNameId(subject: Element): SamlAssertion['subject'] {
  const nameId = onlyChild(subject, ASSERTION, 'NameID')
  if (nameId === undefined) return undefined
  const name = textOf(nameId)
  return name === '' ? undefined : { name, format: attribute(nameId, 'Format') ?? UNSPECIFIED }
}

/** Exactly one, with Recipient and NotOnOrAfter (IAM User Guide, id_roles_providers_create_saml_assertions). */
function readConfirmation(subject: Element): Pick<SamlAssertion, 'recipient' | 'confirmationEnds'> {
  const one = need(onlyChild(subject, ASSERTION, 'SubjectConfirmation'), 'SubjectConfirmation')
  if (attribute(one, 'Method') !== BEARER) throw new XmlFault('SubjectConfirmation is no bearer')
  const data = need(onlyChild(one, ASSERTION, 'SubjectConfirmationData'), 'SubjectConfirmationData')
  const recipient = attribute(data, 'Recipient') ?? ''
  if (recipient === '') throw new XmlFault('SubjectConfirmationData has no Recipient')
  return { recipient, confirmationEnds: needMoment(data, 'NotOnOrAfter') }
}

function readAudiences(conditions: Element): string[][] {
  return children(conditions, ASSERTION, 'AudienceRestriction').map((restriction) =>
    children(restriction, ASSERTION, 'Audience').map(textOf),
  )
}

function readAttributes(assertion: Element): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const elements = children(assertion, ASSERTION, 'AttributeStatement').flatMap((statement) =>
    children(statement, ASSERTION, 'Attribute'),
  )
  for (const element of elements) {
    const name = attribute(element, 'Name') ?? ''
    const values = children(element, ASSERTION, 'AttributeValue').map(valueOf)
    found.set(name, [...(found.get(name) ?? []), ...values])
  }
  return found
}

/** eduPersonTargetedID and its like hold elements; what they say as text is what counts. */
function valueOf(element: Element): string {
  return element.textContent.trim()
}

function need(element: Element | undefined, name: string): Element {
  if (element === undefined) throw new XmlFault(`no ${name}`)
  return element
}

function moment(element: Element, name: string): number | undefined {
  const text = attribute(element, name)
  if (text === undefined) return undefined
  const time = parseInstant(text)
  if (time === undefined) throw new XmlFault(`${name} is no moment in UTC`)
  return time
}

function needMoment(element: Element, name: string): number {
  const time = moment(element, name)
  if (time === undefined) throw new XmlFault(`${element.localName} has no ${name}`)
  return time
}
