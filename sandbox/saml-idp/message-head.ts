import { attribute, onlyChild, textOf } from '../saml/elements.ts'
import { parseInstant } from '../saml/instant.ts'
import { ASSERTION } from '../saml/names.ts'
import { IdpRefusal } from './idp-environment.ts'

const FRESH_MILLISECONDS = 5 * 60 * 1000

/** The issuer of a message, before anything about it is believed. */
export function issuerOf(message: Element): string {
  const issuer = onlyChild(message, ASSERTION, 'Issuer')
  if (issuer === undefined) throw new IdpRefusal('The message names no Issuer.')
  return textOf(issuer)
}

/** Version, ID, IssueInstant and Destination (SAML core §3.2.1). Gives the ID; throws IdpRefusal. */
export function checkHead(
  message: Element,
  expected: { readonly destination: string; readonly signed: boolean; readonly now: Date },
): string {
  const id = attribute(message, 'ID') ?? ''
  if (!/^[A-Za-z_][\w.-]{0,127}$/.test(id)) throw new IdpRefusal('ID is missing or no NCName.')
  if (attribute(message, 'Version') !== '2.0') throw new IdpRefusal('Version is not 2.0.')
  const issued = parseInstant(attribute(message, 'IssueInstant') ?? '')
  if (issued === undefined || Math.abs(expected.now.getTime() - issued) > FRESH_MILLISECONDS) {
    throw new IdpRefusal('IssueInstant is not within five minutes of now.')
  }
  // Whoever signs must say for whom (SAML bindings §3.4.5.2, §3.5.5.2).
  const destination = attribute(message, 'Destination') ?? (expected.signed ? '' : undefined)
  if (destination !== undefined && destination !== expected.destination) {
    throw new IdpRefusal(`Destination is "${destination}" and should be ${expected.destination}.`)
  }
  return id
}
