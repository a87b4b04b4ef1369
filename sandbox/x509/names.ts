import type { AttributeTypeAndValue, RelativeDistinguishedNames } from 'pkijs'

/** One attribute of a distinguished name: its short name, or the OID of one that has none here. */
export interface NameAttribute {
  readonly name: string
  readonly value: string
}

/** RFC 4519 and RFC 5280 Appendix A; AWS publishes no full list of what it knows. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'],
  ['2.5.4.4', 'SN'],
  ['2.5.4.5', 'SERIALNUMBER'],
  ['2.5.4.6', 'C'],
  ['2.5.4.7', 'L'],
  ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'STREET'],
  ['2.5.4.10', 'O'],
  ['2.5.4.11', 'OU'],
  ['2.5.4.12', 'T'],
  ['2.5.4.17', 'POSTALCODE'],
  ['2.5.4.42', 'GIVENNAME'],
  ['2.5.4.43', 'INITIALS'],
  ['2.5.4.44', 'GENERATION'],
  ['2.5.4.46', 'DNQ'],
  ['2.5.4.65', 'PSEUDONYM'],
  ['0.9.2342.19200300.100.1.1', 'UID'],
  ['0.9.2342.19200300.100.1.25', 'DC'],
  ['1.2.840.113549.1.9.1', 'E'],
])

/** The attributes of a name, in the certificate's order. */
export function readName(name: RelativeDistinguishedNames): NameAttribute[] {
  return name.typesAndValues.map((attribute) => ({
    name: SHORT_NAMES.get(attribute.type) ?? attribute.type,
    value: textOf(attribute),
  }))
}

/** Every kind of string has its text there; anything else has none. */
function textOf({ value }: AttributeTypeAndValue): string {
  const text: unknown = (value as { valueBlock: { value?: unknown } }).valueBlock.value
  return typeof text === 'string' ? text : ''
}

/** The name's DER in hexadecimal, to compare names by. */
export function nameKey(name: RelativeDistinguishedNames): string {
  return Buffer.from(name.toSchema().toBER()).toString('hex')
}
