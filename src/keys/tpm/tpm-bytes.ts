import { KeyFault } from '../key-fault.ts'

/** A UINT8, UINT16 or UINT32 in the TPM's byte order. */
export function uint(value: number, bytes: 1 | 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes)
  buffer.writeUIntBE(value, 0, bytes)
  return buffer
}

/** A TPM2B: two bytes of length, then the bytes (TPM 2.0 Library, Part 2, §10.4). */
export function sized(bytes: Buffer): Buffer {
  return Buffer.concat([uint(bytes.length, 2), bytes])
}

/** Takes a structure apart from its start. KeyFault `tpm_key` where it ends too early. */
export class TpmReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  uint(bytes: 1 | 2 | 4): number {
    return this.take(bytes).readUIntBE(0, bytes)
  }

  sized(): Buffer {
    return this.take(this.uint(2))
  }

  take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) {
      throw new KeyFault('tpm_key', 'What the TPM or its key file holds ends too early.')
    }
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }
}
