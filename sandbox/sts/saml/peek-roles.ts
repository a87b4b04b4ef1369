import { children } from '../../saml/elements.ts'
import { ASSERTION } from '../../saml/names.ts'
import { parseXml, XmlFault } from '../../saml/parse-xml.ts'
import { type RolePair, rolePairs } from './role-pairs.ts'

const ROLE = 'https://aws.amazon.com/SAML/Attributes/Role'

/** The role pairs that a response claims, before anything of it is verified; none where it can't be read. */
export function peekRoles(base64: string): RolePair[] {
  try {
    const values = children(
      parseXml(Buffer.from(base64, 'base64').toString('utf8')),
      ASSERTION,
      'Assertion',
    )
      .flatMap((assertion) => children(assertion, ASSERTION, 'AttributeStatement'))
      .flatMap((statement) => children(statement, ASSERTION, 'Attribute'))
      .filter((attribute) => attribute.getAttribute('Name') === ROLE)
      .flatMap((attribute) => children(attribute, ASSERTION, 'AttributeValue'))
      .map((value) => value.textContent)
    return rolePairs(values)
  } catch (error) {
    if (error instanceof XmlFault) return []
    throw error
  }
}
