import { DerReader, onlyElement, tags } from '../der/der-reader.ts'
import { readText } from '../der/der-text.ts'
import { readObjectIdentifier } from '../der/der-values.ts'

/** One attribute of a name: its type as an OID. */
export interface NameAttribute {
  readonly type: string
  readonly value: string
}

/** A name (RFC 5280 §4.1.2.4): relative names from the root down, each with its attributes. Throws DerFault. */
export function readName(der: Buffer): readonly (readonly NameAttribute[])[] {
  const name = new DerReader(onlyElement(der, tags.sequence).content)
  const relative: NameAttribute[][] = []
  while (!name.atEnd) {
    const set = name.enter(tags.set)
    const attributes: NameAttribute[] = []
    while (!set.atEnd) {
      const attribute = set.enter(tags.sequence)
      const type = readObjectIdentifier(attribute.take(tags.objectIdentifier))
      attributes.push({ type, value: readText(attribute.next()) })
      attribute.end()
    }
    relative.push(attributes)
  }
  return relative
}

/** Every common name in it, wherever it stands. */
export function commonNames(name: ReturnType<typeof readName>): readonly string[] {
  return name
    .flat()
    .filter(({ type }) => type === '2.5.4.3')
    .map(({ value }) => value)
}

const windowsTypes: Readonly<Record<string, string>> = {
  '0.9.2342.19200300.100.1.25': 'DC',
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'S',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
}

/**
 * The value of altSecurityIdentities that maps a certificate by issuer and serial number (MS-PKCA §3.1.5.2.1.2):
 * `X509:<I>…<SR>…` with the serial number's bytes turned round. Undefined for issuers whose name could be written in two
 * ways.
 */
export function windowsIssuerAndSerial(
  issuer: ReturnType<typeof readName>,
  serial: string,
): string | undefined {
  const parts = issuer.map(([attribute, ...others]) => {
    const type = attribute && windowsTypes[attribute.type]
    const plain = attribute && /^[^,+="<>#;\\\n]+$/.test(attribute.value)
    return type !== undefined && plain && others.length === 0 ? `${type}=${attribute.value}` : ''
  })
  if (parts.length === 0 || parts.includes('')) return undefined
  const bytes = Buffer.from(serial.replace(/^00(?=.)/, ''), 'hex').reverse()
  return `X509:<I>${parts.join(',')}<SR>${bytes.toString('hex')}`
}
