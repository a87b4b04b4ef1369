import { assertionNs, entityFormat } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/**
 * The Issuer of a message or assertion must be the provider's entity ID, as an entity (SAML core §2.2.5). It may be left
 * out only where `optional`.
 */
export function checkIssuer(element: XmlElement, expected: string, optional = false): void {
  const [issuer, ...others] = childrenOf(element, assertionNs, 'Issuer')
  if (!issuer && optional) return
  if (!issuer || others.length > 0) refuse('saml_issuer', `Found: not one in ${element.localName}.`)
  const format = attributeOf(issuer, 'Format')
  const isEntity = format === undefined || format === entityFormat
  if (issuer.text !== expected || issuer.children.length > 0 || !isEntity)
    refuse('saml_issuer', `Found: ${issuer.text.slice(0, 256)}; expected: ${expected}.`)
}
