import type { Expectation } from './expectation.ts'
import { requireInstant } from './saml-instant.ts'
import { assertionNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/** How and when the person signed in at the provider (SAML core §2.7.2). Times in milliseconds since the epoch. */
export interface AuthnStatement {
  readonly authenticatedAt: number
  readonly sessionIndex: string | undefined
  /** When the session at the provider ends, where it says so. */
  readonly sessionEndsAt: number | undefined
  readonly authnContext: string | undefined
}

/** Checks the one AuthnStatement and returns it. Throws SamlRefusal. */
export function checkAuthnStatement(assertion: XmlElement, expected: Expectation): AuthnStatement {
  const [statement, ...others] = childrenOf(assertion, assertionNs, 'AuthnStatement')
  if (!statement || others.length > 0) refuse('saml_authn_statement')
  const { now, skew, authenticatedAfter, authnContexts } = expected
  const authenticatedAt = requireInstant(attributeOf(statement, 'AuthnInstant'), 'AuthnInstant')
  if (authenticatedAt > now + skew) refuse('saml_authn_instant', 'Found: one in the future.')
  if (authenticatedAfter !== undefined && authenticatedAt < authenticatedAfter - skew)
    refuse('saml_authn_instant')
  const end = attributeOf(statement, 'SessionNotOnOrAfter')
  const sessionEndsAt = end === undefined ? undefined : requireInstant(end, 'SessionNotOnOrAfter')
  if (sessionEndsAt !== undefined && sessionEndsAt <= now - skew) refuse('saml_session_ended')
  const authnContext = contextOf(statement)
  if (authnContexts.length > 0 && !authnContexts.includes(authnContext ?? ''))
    refuse('saml_authn_context', `Found: ${authnContext?.slice(0, 256) ?? 'none'}.`)
  const sessionIndex = attributeOf(statement, 'SessionIndex')
  return { authenticatedAt, sessionIndex, sessionEndsAt, authnContext }
}

function contextOf(statement: XmlElement): string | undefined {
  const [context, ...others] = childrenOf(statement, assertionNs, 'AuthnContext')
  if (!context || others.length > 0) refuse('saml_authn_statement', 'Found: not one AuthnContext.')
  return childrenOf(context, assertionNs, 'AuthnContextClassRef')[0]?.text.trim()
}
