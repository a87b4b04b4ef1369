import { assertionNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

const maxValues = 10_000

/**
 * The attributes of an assertion (SAML core §2.7.3), by exact name. Attributes of one name are merged and duplicates of
 * values kept, since some providers send each role as an attribute of its own. A Map, so that no name is special.
 */
export function readAttributes(assertion: XmlElement): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, string[]>()
  let count = 0
  for (const statement of childrenOf(assertion, assertionNs, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, assertionNs, 'Attribute')) {
      const name = attributeOf(attribute, 'Name')
      if (name === undefined || name === '') refuse('saml_attributes')
      const values = childrenOf(attribute, assertionNs, 'AttributeValue').map(valueOf)
      count += values.length
      if (count > maxValues) refuse('saml_attributes')
      const known = attributes.get(name)
      if (known) known.push(...values)
      else attributes.set(name, values)
    }
  }
  return attributes
}

// eduPersonTargetedID and its like wrap the value in a NameID.
function valueOf(value: XmlElement): string {
  const [nameId, ...others] = childrenOf(value, assertionNs, 'NameID')
  return nameId && others.length === 0 && value.text.trim() === '' ? nameId.text : value.text
}
