import { type DerElement, DerFault } from './der-reader.ts'

/** An object identifier in dotted form (X.690 §8.19). Throws DerFault. */
export function readObjectIdentifier({ content }: DerElement): string {
  if (content.length === 0 || content.length > 64)
    throw new DerFault('an object identifier without end')
  const parts: bigint[] = []
  let part = 0n
  let open = false
  for (const byte of content) {
    if (!open && byte === 0x80) throw new DerFault('a padded object identifier')
    part = (part << 7n) | BigInt(byte & 0x7f)
    open = byte >= 0x80
    if (open) continue
    parts.push(part)
    part = 0n
  }
  if (open) throw new DerFault('an object identifier is cut off')
  const [head = 0n, ...others] = parts
  const top = head < 40n ? 0n : head < 80n ? 1n : 2n
  return [top, head - top * 40n, ...others].join('.')
}

/** DER has one way to write true (X.690 §11.1), and leaves out what is the default (§11.5). */
export function readTrue({ content }: DerElement): true {
  if (content.length !== 1 || content[0] !== 0xff) throw new DerFault('a boolean that is not true')
  return true
}

/** A small number that is not negative. Throws DerFault. */
export function readCount({ content }: DerElement): number {
  const first = content[0]
  if (first === undefined || content.length > 3 || first >= 0x80) throw new DerFault('not a count')
  return content.readUIntBE(0, content.length)
}

/** The bits that are set in a BIT STRING, the first being 0 (X.690 §8.6). Throws DerFault. */
export function readBits({ content }: DerElement): ReadonlySet<number> {
  const unused = content[0]
  if (unused === undefined || unused > 7 || content.length > 5)
    throw new DerFault('not a bit string')
  const set = new Set<number>()
  content.subarray(1).forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1) if (byte & (0x80 >> bit)) set.add(index * 8 + bit)
  })
  return set
}

const utcTime = 0x17
const generalizedTime = 0x18

/** A time of a certificate or list, in milliseconds since the epoch (RFC 5280 §4.1.2.5). Throws DerFault. */
export function readTime({ tag, content }: DerElement): number {
  const text = content.toString('latin1')
  const short = tag === utcTime && /^\d{12}Z$/.test(text)
  if (!short && !(tag === generalizedTime && /^\d{14}Z$/.test(text)))
    throw new DerFault('not a time')
  const long = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const iso = long.replace(/^(.{4})(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z')
  const milliseconds = Date.parse(iso)
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== iso) {
    throw new DerFault('a time that does not exist')
  }
  return milliseconds
}

export function isTime(tag: number | undefined): boolean {
  return tag === utcTime || tag === generalizedTime
}

/** A serial number as hexadecimal digits, without padding or sign: what certificate and list are compared by. */
export function readSerial({ content }: DerElement): string {
  if (content.length === 0 || content.length > 21) throw new DerFault('not a serial number')
  return content.toString('hex')
}
