import { XmlFault } from './xml-fault.ts'

const xml = 'http://www.w3.org/XML/1998/namespace'
const xmlns = 'http://www.w3.org/2000/xmlns/'
const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]/

/** The prefixes in scope at an element, and how to find what one means (Namespaces in XML 1.0 §6). */
export class NamespaceScope {
  readonly #outer: NamespaceScope | undefined
  readonly #declared = new Map<string, string>()

  constructor(outer?: NamespaceScope) {
    this.#outer = outer
    if (!outer) this.#declared.set('xml', xml)
  }

  /** The namespace of a prefix; '' is the default one. Throws XmlFault for a prefix that nothing declares. */
  resolve(prefix: string): string {
    const found = this.#declared.get(prefix) ?? this.#outer?.resolve(prefix)
    if (found !== undefined) return found
    if (prefix === '') return ''
    throw new XmlFault('namespace', 'a prefix that nothing declares')
  }

  /**
   * Declares a prefix. A namespace must be an absolute URI: canonicalisation of a relative one is undefined (Exclusive
   * XML Canonicalization 1.0 §3), and parsers have been led to digest nothing by it.
   */
  declare(prefix: string, namespace: string): void {
    const reserved =
      prefix === 'xml' || prefix === 'xmlns' || namespace === xml || namespace === xmlns
    if (reserved) throw new XmlFault('namespace', 'a declaration of a reserved prefix or namespace')
    if (namespace === '' ? prefix !== '' : !absolute.test(namespace))
      throw new XmlFault('namespace', 'a namespace that is no absolute URI')
    this.#declared.set(prefix, namespace)
  }
}
