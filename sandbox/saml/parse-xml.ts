import { DOMParser } from '@xmldom/xmldom'

/** XML that is not well formed, or holds what a SAML message has no use for. */
export class XmlFault extends Error {}

const DEEPEST = 64
const PARTS_THAT_HAVE_CONTENT = [1, 3, 4]

/**
 * Reads XML from outside and gives its root. Strict where the parser forgives: every warning is an error, and
 * there is no DOCTYPE, no processing instruction and no deep nesting. Throws XmlFault.
 */
export function parseXml(text: string): Element {
  if (!/^\s*</.test(text) || text.startsWith('\uFEFF')) throw new XmlFault('no XML')
  const body = text.replace(/^<\?xml\s[^?<>]*\?>/, '')
  if (/<\?|<!DOCTYPE|<!ENTITY/i.test(body)) throw new XmlFault('DOCTYPE or processing instruction')
  // XML 1.0 §2.2; the parser takes them.
  if (/[^\t\n\r\P{Cc}\u007f-\u009f]|[\uFFFD-\uFFFF]/u.test(body)) throw new XmlFault('characters')
  const document = parse(body)
  const content = [...nodes(document)].filter(
    ({ nodeType, nodeValue }) =>
      PARTS_THAT_HAVE_CONTENT.includes(nodeType) && (nodeType === 1 || nodeValue?.trim() !== ''),
  )
  const root = document.documentElement as Element | null
  if (root === null || content.length !== 1) throw new XmlFault('not one root')
  checkDepth(root)
  return root
}

function parse(text: string): Document {
  const refuse = (message: unknown): never => {
    throw new XmlFault(String(message))
  }
  try {
    return new DOMParser({
      errorHandler: { warning: refuse, error: refuse, fatalError: refuse },
    }).parseFromString(text, 'text/xml')
  } catch (error) {
    throw new XmlFault(error instanceof Error ? error.message : String(error))
  }
}

/** Child nodes; the parser's lists are no iterables. */
export function* nodes(parent: Node): Generator<Node> {
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) yield node
}

function checkDepth(root: Element): void {
  let level: Node[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw new XmlFault('nested too deeply')
    level = level.flatMap((node) => [...nodes(node)])
  }
}
