/** One element of DER: its tag, what it holds, and what follows it. */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  readonly rest: Buffer
}

/**
 * Reads one element with a tag of one byte and a definite length (X.690 §8.1). Undefined where the bytes hold no whole
 * one. GSS tokens put bytes beside DER elements (RFC 4121 §4.1), which parsers of whole ASN.1 values don't take.
 */
export function readDer(bytes: Buffer): DerElement | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || lengthBytes > 4 || bytes.length < 2 + lengthBytes) return undefined
  const start = 2 + lengthBytes
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes)
  if (bytes.length < start + length) return undefined
  return {
    tag,
    content: bytes.subarray(start, start + length),
    rest: bytes.subarray(start + length),
  }
}

/** The elements that fill these bytes. Undefined where something is left over. */
export function readDerSequence(bytes: Buffer): DerElement[] | undefined {
  const elements: DerElement[] = []
  for (let rest = bytes; rest.length > 0;) {
    const element = readDer(rest)
    if (!element) return undefined
    elements.push(element)
    rest = element.rest
  }
  return elements
}

/** What an element of this tag holds, when it is all that there is. */
export function onlyDer(bytes: Buffer, tag: number): Buffer | undefined {
  const element = readDer(bytes)
  return element?.tag === tag && element.rest.length === 0 ? element.content : undefined
}
