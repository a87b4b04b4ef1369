import { DOMParser } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { exclusiveC14n } from './saml-names.ts'

/** The exclusive canonical form (W3C Exclusive XML Canonicalization 1.0) of the root of some XML, or of its first child. */
export function exclusiveForm(xml: string, of: 'root' | 'first child'): string {
  const { documentElement } = new DOMParser().parseFromString(xml, 'text/xml')
  const node = of === 'root' ? documentElement : Array.from(documentElement.childNodes)[0]
  const Canonicalization = new SignedXml().CanonicalizationAlgorithms[exclusiveC14n]
  const canonical = node && Canonicalization && new Canonicalization().process(node, {})
  if (typeof canonical !== 'string') throw new Error('xml-crypto gave no canonical form')
  return canonical
}
