import type { XmlAttribute, XmlElement } from './xml-element.ts'
import { decodeReferences, hasOnlyXmlCharacters } from './xml-characters.ts'
import { XmlFault } from './xml-fault.ts'
import { NamespaceScope } from './namespace-scope.ts'

/** How much, and what beside elements and text. `asides` are comments, processing instructions and CDATA sections. */
export interface XmlLimits {
  readonly maxDepth: number
  readonly maxElements: number
  readonly asides: 'refuse' | 'skip'
}

/** For SAML messages: no provider needs more. */
export const messageLimits: XmlLimits = { maxDepth: 64, maxElements: 10_000, asides: 'refuse' }

const declaration =
  /^<\?xml\s+version\s*=\s*(["'])1\.0\1(?:\s+encoding\s*=\s*(["'])([A-Za-z0-9._-]+)\2)?(?:\s+standalone\s*=\s*(["'])(?:yes|no)\4)?\s*\?>/
// ASCII names only: every name in SAML and XML Signature is one, and fewer letters leave fewer lookalikes.
const name = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y
const attribute =
  /[ \t\n]+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)[ \t\n]*=[ \t\n]*(?:"([^"<]*)"|'([^'<]*)')/y
const maxAttributes = 64

interface OpenElement {
  readonly name: string
  readonly localName: string
  readonly namespace: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: XmlElement[]
  readonly scope: NamespaceScope
  readonly start: number
  text: string
  end: number
}

/**
 * Reads a strict part of XML 1.0 with namespaces into elements, in one pass over the text: no DOCTYPE, no declared
 * entities, UTF-8 only, and (unless skipped) no comments, processing instructions or CDATA. What it can't read it
 * refuses, so that no second parser can see something else in the same text. Throws XmlFault.
 */
export function readXml(text: string, limits: XmlLimits = messageLimits): XmlElement {
  if (!hasOnlyXmlCharacters(text)) throw new XmlFault('malformed', 'a character that XML forbids')
  return new Reader(normalizeLineEnds(text), limits).read()
}

/** Line ends as an XML parser gives them (XML 1.0 §2.11). */
export function normalizeLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

class Reader {
  readonly #text: string
  readonly #limits: XmlLimits
  readonly #open: OpenElement[] = []
  #root: XmlElement | undefined
  #elements = 0
  #at = 0

  constructor(text: string, limits: XmlLimits) {
    this.#text = text
    this.#limits = limits
  }

  read(): XmlElement {
    const head = declaration.exec(this.#text)
    if (head) {
      if (head[3] !== undefined && head[3].toLowerCase() !== 'utf-8')
        throw new XmlFault('encoding', 'an encoding other than UTF-8')
      this.#at = head[0].length
    }
    while (this.#at < this.#text.length) {
      const markup = this.#text.indexOf('<', this.#at)
      const end = markup === -1 ? this.#text.length : markup
      if (end > this.#at) this.#takeText(this.#text.slice(this.#at, end))
      this.#at = end
      if (markup !== -1) this.#takeMarkup()
    }
    if (this.#open.length > 0) throw new XmlFault('malformed', 'an element that is not closed')
    if (!this.#root) throw new XmlFault('malformed', 'no element')
    return this.#root
  }

  #takeText(raw: string): void {
    const element = this.#open.at(-1)
    if (element) {
      if (raw.includes(']]>')) throw new XmlFault('malformed', 'the end of a CDATA section in text')
      element.text += decodeReferences(raw)
    } else if (/[^ \t\n]/.test(raw)) {
      throw new XmlFault('malformed', 'text outside the root element')
    }
  }

  #takeMarkup(): void {
    const text = this.#text
    if (text.startsWith('</', this.#at)) {
      this.#takeEndTag()
    } else if (text.startsWith('<!--', this.#at)) {
      this.#skipAside('comment', 4, '-->')
    } else if (text.startsWith('<?', this.#at)) {
      this.#skipAside('processing-instruction', 2, '?>')
    } else if (text.startsWith('<![CDATA[', this.#at)) {
      const from = this.#at + 9
      this.#skipAside('cdata', 9, ']]>')
      const element = this.#open.at(-1)
      if (!element) throw new XmlFault('malformed', 'text outside the root element')
      element.text += text.slice(from, this.#at - 3)
    } else if (text.startsWith('<!', this.#at)) {
      throw new XmlFault('doctype', 'a document type declaration')
    } else {
      this.#takeStartTag()
    }
  }

  #skipAside(
    kind: 'comment' | 'processing-instruction' | 'cdata',
    opening: number,
    end: string,
  ): void {
    if (this.#limits.asides === 'refuse') throw new XmlFault(kind, 'no SAML message needs one')
    const found = this.#text.indexOf(end, this.#at + opening)
    if (found === -1) throw new XmlFault('malformed', `a ${kind} that is not closed`)
    this.#at = found + end.length
  }

  #takeEndTag(): void {
    name.lastIndex = this.#at + 2
    const found = name.exec(this.#text)?.[0]
    const element = this.#open.pop()
    if (found === undefined || element?.name !== found)
      throw new XmlFault('malformed', 'an end tag without its start')
    let end = name.lastIndex
    while (/[ \t\n]/.test(this.#text.charAt(end))) end++
    if (this.#text.charAt(end) !== '>') throw new XmlFault('malformed', 'an end tag that goes on')
    this.#at = end + 1
    this.#close(element)
  }

  #takeStartTag(): void {
    name.lastIndex = this.#at + 1
    const tag = name.exec(this.#text)?.[0]
    if (tag === undefined) throw new XmlFault('malformed', 'a tag without a name')
    this.#count()
    const raw = new Map<string, string>()
    let end = name.lastIndex
    for (;;) {
      attribute.lastIndex = end
      const found = attribute.exec(this.#text)
      if (!found) break
      const [, key = '', doubleQuoted, singleQuoted = ''] = found
      if (raw.has(key)) throw new XmlFault('malformed', 'an attribute given twice')
      if (raw.size === maxAttributes) throw new XmlFault('too-many', 'attributes')
      raw.set(key, decodeReferences((doubleQuoted ?? singleQuoted).replace(/[\t\n]/g, ' ')))
      end = attribute.lastIndex
    }
    while (/[ \t\n]/.test(this.#text.charAt(end))) end++
    const empty = this.#text.startsWith('/>', end)
    if (!empty && this.#text.charAt(end) !== '>') throw new XmlFault('malformed', 'a broken tag')
    const scope = this.#open.at(-1)?.scope ?? new NamespaceScope()
    const element = openElement(tag, raw, scope, this.#at)
    this.#at = end + (empty ? 2 : 1)
    if (empty) this.#close(element)
    else this.#open.push(element)
    if (this.#open.length > this.#limits.maxDepth) throw new XmlFault('too-deep', 'elements')
  }

  #count(): void {
    if (this.#root) throw new XmlFault('malformed', 'a second root element')
    if (++this.#elements > this.#limits.maxElements) throw new XmlFault('too-many', 'elements')
  }

  #close(element: OpenElement): void {
    element.end = this.#at
    const parent = this.#open.at(-1)
    if (parent) parent.children.push(element)
    else this.#root = element
  }
}

function openElement(
  tag: string,
  raw: Map<string, string>,
  outer: NamespaceScope,
  start: number,
): OpenElement {
  let scope = outer
  for (const [key, value] of raw) {
    if (key !== 'xmlns' && !key.startsWith('xmlns:')) continue
    if (scope === outer) scope = new NamespaceScope(outer)
    scope.declare(key.slice(6), value)
  }
  const attributes: XmlAttribute[] = []
  const seen = new Set<string>()
  for (const [key, value] of raw) {
    if (key === 'xmlns' || key.startsWith('xmlns:')) continue
    const { prefix, localName } = splitName(key)
    const namespace = prefix === '' ? '' : scope.resolve(prefix)
    const expanded = `${namespace} ${localName}`
    if (seen.has(expanded)) throw new XmlFault('malformed', 'an attribute given twice')
    seen.add(expanded)
    attributes.push({ name: key, localName, namespace, value })
  }
  const { prefix, localName } = splitName(tag)
  const namespace = scope.resolve(prefix)
  return {
    name: tag,
    localName,
    namespace,
    attributes,
    children: [],
    scope,
    start,
    text: '',
    end: 0,
  }
}

function splitName(qualified: string): { prefix: string; localName: string } {
  const colon = qualified.indexOf(':')
  return colon === -1
    ? { prefix: '', localName: qualified }
    : { prefix: qualified.slice(0, colon), localName: qualified.slice(colon + 1) }
}
