import type { Expectation } from './expectation.ts'
import { requireInstant } from './saml-instant.ts'
import { assertionNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, isElement, type XmlElement } from './xml/xml-element.ts'

// OneTimeUse asks for what we do anyway; ProxyRestriction binds only who issues assertions in turn.
const known = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']

/**
 * Checks the Conditions (SAML core §2.5.1): valid now, for our audience in each AudienceRestriction, and none that is
 * unknown. Returns when they end.
 */
export function checkConditions(assertion: XmlElement, expected: Expectation): number {
  const [conditions, ...others] = childrenOf(assertion, assertionNs, 'Conditions')
  if (!conditions || others.length > 0) refuse('saml_conditions')
  const { now, skew } = expected
  const from = attributeOf(conditions, 'NotBefore')
  if (from !== undefined && requireInstant(from, 'NotBefore') > now + skew)
    refuse('saml_not_yet_valid')
  const until = requireInstant(attributeOf(conditions, 'NotOnOrAfter'), 'NotOnOrAfter')
  if (until <= now - skew) refuse('saml_expired')
  for (const condition of conditions.children)
    if (!known.some((name) => isElement(condition, assertionNs, name)))
      refuse('saml_conditions', `Found: ${condition.localName}.`)
  checkAudiences(conditions, expected.audience)
  return until
}

function checkAudiences(conditions: XmlElement, audience: string): void {
  const restrictions = childrenOf(conditions, assertionNs, 'AudienceRestriction')
  if (restrictions.length === 0) refuse('saml_audience', 'Found: no AudienceRestriction.')
  for (const restriction of restrictions) {
    const named = childrenOf(restriction, assertionNs, 'Audience')
    if (!named.some((element) => element.text === audience && element.children.length === 0))
      refuse('saml_audience', `Found: ${named.map(({ text }) => text.slice(0, 256)).join(', ')}.`)
  }
}
