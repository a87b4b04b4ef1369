import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { z } from 'zod'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Turns small records into opaque strings and back (AES-256-GCM), so that what was issued still counts
 * after a restart with the same key. `kind` keeps one sort of token from passing as another.
 */
export class Seal {
  readonly #key: Buffer

  constructor(key: Buffer = randomBytes(32)) {
    this.#key = key
  }

  seal(kind: string, value: object, encoding: 'base64' | 'base64url'): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv)
    cipher.setAAD(Buffer.from(kind))
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString(encoding)
  }

  /** The record, or undefined for anything that this key didn't seal as this kind. */
  open<T>(
    kind: string,
    text: string,
    schema: z.ZodType<T>,
    encoding: 'base64' | 'base64url',
  ): T | undefined {
    const bytes = Buffer.from(text, encoding)
    // Node skips characters outside the alphabet; a token with any is not the token that was issued.
    if (bytes.toString(encoding) !== text || bytes.length < IV_BYTES + TAG_BYTES) return undefined
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(kind))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    let json: string
    try {
      const body = bytes.subarray(IV_BYTES + TAG_BYTES)
      json = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
    } catch {
      return undefined
    }
    return schema.safeParse(JSON.parse(json)).data
  }
}
