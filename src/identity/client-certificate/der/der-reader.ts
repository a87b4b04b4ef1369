/** One element of DER (X.690 §8.1): its tag as a single byte, what it holds, and all of its bytes. */
export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  readonly whole: Buffer
}

/** Bytes that are not the DER that was expected. The message names the place, never the bytes. */
export class DerFault extends Error {}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const

/** The tag of [number] in a context, as primitive or constructed (X.690 §8.1.2). */
export function contextTag(number: number, kind: 'primitive' | 'constructed'): number {
  return (kind === 'constructed' ? 0xa0 : 0x80) | number
}

/**
 * Reads DER element by element, and nothing but DER: no indefinite and no padded lengths. Certificates are read with it
 * rather than with a library because those leave out list elements that they can't read, and "exactly one name" must
 * count these too; and because they refuse revocation lists of some thousand entries or hold up everything else for
 * seconds. Throws DerFault.
 */
export class DerReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** The tag that comes next, or undefined at the end. */
  get tag(): number | undefined {
    return this.#bytes[this.#at]
  }

  next(): DerElement {
    const element = elementAt(this.#bytes, this.#at)
    this.#at += element.whole.length
    return element
  }

  take(tag: number): DerElement {
    if (this.tag !== tag) throw new DerFault(`expected tag ${tag}, found ${this.tag ?? 'the end'}`)
    return this.next()
  }

  takeIf(tag: number): DerElement | undefined {
    return this.tag === tag ? this.next() : undefined
  }

  /** A reader of what the next element holds. */
  enter(tag: number): DerReader {
    return new DerReader(this.take(tag).content)
  }

  /** The elements that are left. */
  *rest(): Generator<DerElement> {
    while (!this.atEnd) yield this.next()
  }

  end(): void {
    if (!this.atEnd) throw new DerFault('something follows where nothing may')
  }
}

/** The content of the one element that these bytes are. */
export function onlyElement(bytes: Buffer, tag: number): DerElement {
  const reader = new DerReader(bytes)
  const element = reader.take(tag)
  reader.end()
  return element
}

function elementAt(bytes: Buffer, at: number): DerElement {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) throw new DerFault('an element is cut off')
  if ((tag & 0x1f) === 0x1f) throw new DerFault('a tag of more than one byte')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + lengthBytes
  if (first === 0x80 || lengthBytes > 4) throw new DerFault('a length that DER does not have')
  if (start > bytes.length) throw new DerFault('a length is cut off')
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes)
  if (lengthBytes > 0 && (length < 0x80 || bytes[at + 2] === 0)) {
    throw new DerFault('a length that is longer than it need be')
  }
  if (start + length > bytes.length) throw new DerFault('an element is cut off')
  return {
    tag,
    content: bytes.subarray(start, start + length),
    whole: bytes.subarray(at, start + length),
  }
}
