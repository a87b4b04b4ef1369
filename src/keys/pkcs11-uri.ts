import { KeyFault } from './key-fault.ts'

const textAttributes = [
  'token',
  'manufacturer',
  'serial',
  'model',
  'library-manufacturer',
  'library-version',
  'library-description',
  'object',
  'type',
  'slot-manufacturer',
  'slot-description',
] as const
const queryAttributes = ['pin-source', 'pin-value', 'module-name', 'module-path'] as const
const objectTypes = ['public', 'private', 'cert', 'secret-key', 'data']

export type Pkcs11TextAttribute = (typeof textAttributes)[number]
type Pkcs11QueryAttribute = (typeof queryAttributes)[number]

/** A PKCS#11 URI taken apart (RFC 7512 §2.3). An attribute that is absent matches everything; an empty one, the empty. */
export interface Pkcs11Uri {
  readonly text: Readonly<Partial<Record<Pkcs11TextAttribute, string>>>
  /** CKA_ID. */
  readonly id: Buffer | undefined
  readonly slotId: bigint | undefined
  /** Never used for matching. */
  readonly query: Readonly<Partial<Record<Pkcs11QueryAttribute, string>>>
  /** Attributes that the standard does not name, decoded. They match everything, as in other tools. */
  readonly vendor: ReadonlyMap<string, string>
}

const scheme = /^pkcs11:/i
const longest = 4096
// pk11-pchar and pk11-qchar without the separators (RFC 7512 §2.3).
const pathValue = /^(?:[A-Za-z0-9._~:[\]@!$'()*+,=&-]|%[0-9A-Fa-f]{2})*$/
const queryValue = /^(?:[A-Za-z0-9._~:[\]@!$'()*+,=/?|-]|%[0-9A-Fa-f]{2})*$/
const attributeName = /^[A-Za-z0-9_-]+$/

/** Whether a text wants to be a PKCS#11 URI rather than a path. */
export function looksLikePkcs11Uri(text: string): boolean {
  return scheme.test(text)
}

/** KeyFault `bad_uri` says which part RFC 7512 does not allow; the PIN is never in it. */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  if (!looksLikePkcs11Uri(uri)) throw bad('it does not start with "pkcs11:"')
  if (uri.length > longest) throw bad(`it is longer than ${longest} characters`)
  const [, path = '', query = ''] = /^pkcs11:([^?]*)(?:\?(.*))?$/is.exec(uri) ?? []
  const inPath = attributes(path, ';', pathValue)
  const inQuery = attributes(query, '&', queryValue)
  const text: Partial<Record<Pkcs11TextAttribute, string>> = {}
  for (const name of textAttributes) {
    const value = inPath.get(name)
    if (value !== undefined) text[name] = utf8(name, value)
  }
  const asked: Partial<Record<Pkcs11QueryAttribute, string>> = {}
  for (const name of queryAttributes) {
    const value = inQuery.get(name)
    if (value !== undefined) asked[name] = utf8(name, value)
  }
  if (text.type !== undefined && !objectTypes.includes(text.type))
    throw bad('its "type" is unknown')
  if (text['library-version'] !== undefined && !/^\d+(\.\d+)?$/.test(text['library-version'])) {
    throw bad('its "library-version" is not of the form 1.0')
  }
  if (asked['pin-source'] !== undefined && asked['pin-value'] !== undefined) {
    throw bad('it has both "pin-source" and "pin-value"')
  }
  const known = new Set<string>([...textAttributes, ...queryAttributes, 'id', 'slot-id'])
  const vendor = [...inPath, ...inQuery].filter(([name]) => !known.has(name))
  return {
    text,
    id: inPath.get('id'),
    slotId: slotId(inPath.get('slot-id')),
    query: asked,
    vendor: new Map(vendor.map(([name, value]) => [name, value.toString('utf8')])),
  }
}

function attributes(part: string, separator: string, allowed: RegExp): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  // White space around an attribute comes from wrapped lines (RFC 7512 §2.3 shows its examples so).
  const pieces = part === '' ? [] : part.split(separator).map((piece) => piece.trim())
  for (const piece of pieces) {
    const equals = piece.indexOf('=')
    const name = piece.slice(0, Math.max(equals, 0))
    if (equals < 1 || !attributeName.test(name)) throw bad('one of its parts is not "name=value"')
    const value = piece.slice(equals + 1)
    if (!allowed.test(value))
      throw bad(`the value of "${name}" has a character that must be percent-encoded`)
    if (found.has(name)) throw bad(`"${name}" stands in it twice`)
    found.set(name, percentDecoded(value))
  }
  return found
}

function percentDecoded(value: string): Buffer {
  const latin1 = value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(latin1, 'latin1')
}

function utf8(name: string, value: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)
  } catch {
    throw bad(`the value of "${name}" is not UTF-8`)
  }
}

function slotId(value: Buffer | undefined): bigint | undefined {
  if (value === undefined) return undefined
  const digits = value.toString('latin1')
  if (!/^\d{1,20}$/.test(digits)) throw bad('its "slot-id" is not a decimal number')
  return BigInt(digits)
}

function bad(why: string): KeyFault {
  return new KeyFault('bad_uri', `The PKCS#11 URI can't be used: ${why} (RFC 7512 §2.3).`)
}
