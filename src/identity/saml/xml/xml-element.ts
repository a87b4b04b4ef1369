/** One attribute, with its namespace resolved; `namespace` is empty for unprefixed ones (Namespaces in XML 1.0 §6.2). */
export interface XmlAttribute {
  readonly name: string
  readonly localName: string
  readonly namespace: string
  readonly value: string
}

/**
 * An element as it was read. `text` is its own character data, without that of its children; `start` and `end` are where
 * it stands in the text, once line ends are normalised.
 */
export interface XmlElement {
  readonly name: string
  readonly localName: string
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Whether the element has this expanded name. */
export function isElement(element: XmlElement, namespace: string, localName: string): boolean {
  return element.localName === localName && element.namespace === namespace
}

/** The children with this expanded name, in document order. */
export function childrenOf(
  element: XmlElement,
  namespace: string,
  localName: string,
): readonly XmlElement[] {
  return element.children.filter((child) => isElement(child, namespace, localName))
}

/** The value of an attribute in no namespace, or undefined. */
export function attributeOf(element: XmlElement, localName: string): string | undefined {
  return element.attributes.find(
    (attribute) => attribute.namespace === '' && attribute.localName === localName,
  )?.value
}
