import { nodes, XmlFault } from './parse-xml.ts'

/** Child elements of that namespace and name. */
export function children(parent: Element, namespace: string, name: string): Element[] {
  return [...nodes(parent)]
    .filter((node): node is Element => node.nodeType === 1)
    .filter((element) => element.namespaceURI === namespace && element.localName === name)
}

/** The one child of that name, or undefined where there is none. Throws XmlFault for several. */
export function onlyChild(parent: Element, namespace: string, name: string): Element | undefined {
  const [first, second] = children(parent, namespace, name)
  if (second !== undefined) throw new XmlFault(`more than one ${name}`)
  return first
}

/** An attribute without a namespace, or undefined where it is absent. */
export function attribute(element: Element, name: string): string | undefined {
  const found = element.getAttributeNode(name)
  return found?.value
}

/** Text alone, with the white space around it gone. Throws XmlFault where elements stand in it. */
export function textOf(element: Element): string {
  if ([...nodes(element)].some((node) => node.nodeType === 1)) {
    throw new XmlFault(`${element.localName} should hold text alone`)
  }
  return element.textContent.trim()
}

export function isElement(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}
