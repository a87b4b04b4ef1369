import { type DerElement, DerFault } from './der-reader.ts'

const utf8String = 0x0c
const printableString = 0x13
const teletexString = 0x14
const ia5String = 0x16
const bmpString = 0x1e

/** A string of a name (RFC 5280 §4.1.2.4) that somebody can be known by. Throws DerFault for any other. */
export function readText(element: DerElement): string {
  return nameable(decode(element))
}

/** An IA5String whose tag stands elsewhere, as in a GeneralName (RFC 5280 §4.2.1.6). Throws DerFault. */
export function readImplicitIa5(content: Buffer): string {
  return nameable(ascii(content))
}

function decode({ tag, content }: DerElement): string {
  if (tag === utf8String) {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
    } catch (cause) {
      throw new DerFault('a text that is not UTF-8', { cause })
    }
  }
  // Teletex is read as ASCII alone: what else it may hold, nobody agrees on.
  if (tag === printableString || tag === ia5String || tag === teletexString) return ascii(content)
  if (tag === bmpString && content.length % 2 === 0)
    return Buffer.from(content).swap16().toString('utf16le')
  throw new DerFault('a text of an unknown kind')
}

function ascii(content: Buffer): string {
  if (content.some((byte) => byte > 0x7f)) throw new DerFault('a text that is not ASCII')
  return content.toString('latin1')
}

/** NUL, line ends, marks that turn the writing round, and halves of characters only ever make one name look like another. */
function nameable(text: string): string {
  if (text.length === 0 || text.length > 256) throw new DerFault('a text that is empty or too long')
  if (!text.isWellFormed() || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u.test(text)) {
    throw new DerFault('a text with characters that can not be seen')
  }
  if (text !== text.trim()) throw new DerFault('a text that starts or ends with a space')
  return text
}
