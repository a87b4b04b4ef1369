/**
 * A security identifier as text, `S-1-5-21-…` (MS-DTYP §2.4.2.1), from its bytes (§2.4.2.2). Undefined when the bytes
 * are no SID.
 */
export function readSid(bytes: Buffer): string | undefined {
  const count = bytes[1]
  if (bytes[0] !== 1 || count === undefined || count > 15) return undefined
  if (bytes.length !== 8 + 4 * count) return undefined
  const parts = Array.from({ length: count }, (_, index) => bytes.readUInt32LE(8 + 4 * index))
  return ['S', 1, bytes.readUIntBE(2, 6), ...parts].join('-')
}

/** The bytes of a security identifier, for a filter. Undefined when the text is no SID. */
export function writeSid(text: string): Buffer | undefined {
  const [, authority, rest] = /^S-1-(\d{1,15})((?:-\d{1,10}){0,15})$/.exec(text) ?? []
  if (authority === undefined || rest === undefined) return undefined
  const parts = rest.split('-').slice(1).map(Number)
  if (Number(authority) > 0xffff_ffff_ffff || parts.some((part) => part > 0xffff_ffff)) {
    return undefined
  }
  const bytes = Buffer.alloc(8 + 4 * parts.length)
  bytes.writeUInt8(1, 0)
  bytes.writeUInt8(parts.length, 1)
  bytes.writeUIntBE(Number(authority), 2, 6)
  parts.forEach((part, index) => bytes.writeUInt32LE(part, 8 + 4 * index))
  return bytes
}
