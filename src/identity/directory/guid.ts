const layout = [
  [3, 2, 1, 0],
  [5, 4],
  [7, 6],
  [8, 9],
  [10, 11, 12, 13, 14, 15],
] as const

/** An objectGUID as text, in the order of bytes that Windows writes (MS-DTYP §2.3.4). Undefined unless 16 bytes. */
export function readGuid(bytes: Buffer): string | undefined {
  if (bytes.length !== 16) return undefined
  const hex = (index: number): string => bytes.toString('hex', index, index + 1)
  return layout.map((group) => group.map(hex).join('')).join('-')
}

/** The bytes of a GUID, for a filter. Undefined when the text is no GUID. */
export function writeGuid(text: string): Buffer | undefined {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return undefined
  const given = Buffer.from(text.replaceAll('-', ''), 'hex')
  const bytes = Buffer.alloc(16)
  layout.flat().forEach((place, index) => bytes.writeUInt8(given.readUInt8(index), place))
  return bytes
}
