import { XmlFault } from './xml-fault.ts'

const illegal = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u
const named: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])
const reference = /&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|([a-z]{2,4}));|&/g

/** Whether every character may stand in XML 1.0 (§2.2): no NUL, no control characters, no lone surrogates. */
export function hasOnlyXmlCharacters(text: string): boolean {
  return !illegal.test(text)
}

/**
 * Character data with its references replaced (XML 1.0 §4.1): the five predefined entities and character references,
 * since nothing may declare others. Throws XmlFault.
 */
export function decodeReferences(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    reference,
    (_all, decimal?: string, hexadecimal?: string, name?: string): string => {
      const known = name === undefined ? undefined : named.get(name)
      if (known !== undefined) return known
      const code = decimal ?? (hexadecimal === undefined ? undefined : `0x${hexadecimal}`)
      if (code === undefined) throw new XmlFault('entity', 'an entity that nothing declares')
      const point = Number(code)
      if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        throw new XmlFault('malformed', 'a reference to no character')
      const character = String.fromCodePoint(point)
      if (!hasOnlyXmlCharacters(character))
        throw new XmlFault('malformed', 'a reference to a character that XML forbids')
      return character
    },
  )
}

/** Text made safe for an element or a double-quoted attribute; line ends and tabs survive a parser's normalisation. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${String(character.codePointAt(0))};`)
}
