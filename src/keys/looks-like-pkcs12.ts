/** Whether bytes are a PFX: a SEQUENCE that starts with version 3 (RFC 7292 §4). A certificate starts otherwise. */
export function looksLikePkcs12(bytes: Buffer): boolean {
  const lengthBytes = bytes[1] ?? 0
  const head = lengthBytes < 0x80 ? 2 : 2 + (lengthBytes & 0x7f)
  return bytes[0] === 0x30 && bytes.subarray(head, head + 3).equals(Buffer.from([2, 1, 3]))
}
