import { createCipheriv, createDecipheriv } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const version = 1
const nonceLength = 12
const tagLength = 16

/**
 * Version, nonce, tag and ciphertext of AES-256-GCM (NIST SP 800-38D). `key` has 32 bytes, in base64url; `context` says
 * what the text is and whose, so that no other can pose as it.
 */
export function sealText(
  text: string,
  key: string,
  context: string,
  randomBytes: (length: number) => Buffer,
): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv(algorithm, Buffer.from(key, 'base64url'), nonce)
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed])
}

/** Undefined where the key, the context or a single bit is another. */
export function unsealText(sealed: Uint8Array, key: string, context: string): string | undefined {
  const bytes = Buffer.from(sealed)
  const body = 1 + nonceLength + tagLength
  if (bytes.length <= body || bytes[0] !== version) return undefined
  try {
    const nonce = bytes.subarray(1, 1 + nonceLength)
    const options = { authTagLength: tagLength }
    const decipher = createDecipheriv(algorithm, Buffer.from(key, 'base64url'), nonce, options)
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(1 + nonceLength, body))
    return Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
