import { readFileSync } from 'node:fs'
import { CliFault } from '../cli-fault.ts'

/** Which certificates of a store are meant; what is absent matches everything. Names are compared as written. */
export interface CertSelector {
  readonly x509Subject?: string
  readonly x509Issuer?: string
  /** Hexadecimal, upper case, without leading zeros. */
  readonly x509Serial?: string
}

type SelectorKey = keyof CertSelector

const keys: readonly string[] = ['x509Subject', 'x509Issuer', 'x509Serial']
const largest = 64 * 1024

/**
 * Reads `Key=x509Subject,Value=... Key=...`, or `file://` and the path of a JSON array of `{"Key", "Value"}`. A value
 * ends where the next `Key=` begins. CliFault in the words of AWS's helper.
 */
export function parseCertSelector(text: string): CertSelector {
  const pairs = text.startsWith('file://') ? fromFile(text.slice('file://'.length)) : fromText(text)
  const found = new Map<SelectorKey, string>()
  for (const [key, value] of pairs) {
    if (!isKey(key))
      throw new CliFault(
        'cert selector contained invalid key: there are x509Subject, x509Issuer and x509Serial.',
      )
    if (found.has(key)) {
      throw new CliFault(`duplicate ${key} keys can't be present in cert selector. Give it once.`)
    }
    found.set(key, key === 'x509Serial' ? serial(value) : value)
  }
  return Object.fromEntries(found)
}

function fromText(text: string): readonly (readonly [string, string])[] {
  const parts = text.trim().split(/\s+(?=Key=)/)
  return parts.map((part) => {
    const [, key, value] = /^Key=([^,\s]*),Value=([\s\S]+)$/.exec(part.trim()) ?? []
    if (key === undefined || value === undefined) {
      throw unparsable()
    }
    return [key, value.trim()]
  })
}

function fromFile(path: string): readonly (readonly [string, string])[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`unable to read cert selector file: ${path}: ${why}. Check its path.`, {
      cause,
    })
  }
  const entries: unknown = text.length > largest ? undefined : parsed(text)
  if (!Array.isArray(entries)) throw noEntries()
  return entries.map((entry: unknown) => {
    const key = property(entry, 'Key')
    const value = property(entry, 'Value')
    if (typeof key !== 'string' || typeof value !== 'string') {
      throw noEntries()
    }
    return [key, value]
  })
}

function parsed(text: string): unknown {
  try {
    // Windows PowerShell puts a byte order mark first.
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function isKey(key: string): key is SelectorKey {
  return keys.includes(key)
}

function serial(value: string): string {
  if (!/^(?:0x)?[0-9a-f]{1,64}$/i.test(value)) throw unparsable()
  return canonicalSerial(value)
}

function unparsable(): CliFault {
  return new CliFault(
    'unable to parse cert selector string: it is written Key=x509Subject,Value=CN=me Key=x509Serial,Value=0a1b, ' +
      'serial numbers in hexadecimal.',
  )
}

function noEntries(): CliFault {
  return new CliFault(
    'unable to parse JSON map entries: the file must hold [{"Key": "x509Subject", "Value": "CN=me"}].',
  )
}

/** A serial number so that two spellings of one are equal. */
export function canonicalSerial(hex: string): string {
  return hex
    .replace(/^0x/i, '')
    .replace(/^0+(?=.)/, '')
    .toUpperCase()
}
