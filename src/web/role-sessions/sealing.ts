import { createCipheriv, createDecipheriv } from 'node:crypto'
import { z } from 'zod'
import type { Credentials } from '../../credentials/credentials.ts'

/** What a results page must be able to show again, and the database must not hold in the clear. */
export interface RoleSessionSecrets {
  readonly credentials: Credentials
  /** Undefined where no sign-in URL was made. */
  readonly consoleUrl: string | undefined
}

/** Whose secrets they are, and of which role session: authenticated with them, so that no row can pose as another. */
export interface SealedFor {
  /** `personKey`. */
  readonly person: string
  readonly roleSession: string
}

const algorithm = 'aes-256-gcm'
const version = 1
const nonceLength = 12
const tagLength = 16

const shape = z.object({
  credentials: z.object({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    expiration: z.coerce.date(),
  }),
  consoleUrl: z.string().optional(),
})

/** Version, nonce, tag and ciphertext of AES-256-GCM (NIST SP 800-38D). `key` has 32 bytes, in base64url. */
export function seal(
  secrets: RoleSessionSecrets,
  key: string,
  owner: SealedFor,
  randomBytes: (length: number) => Buffer,
): Uint8Array {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv(algorithm, Buffer.from(key, 'base64url'), nonce)
  cipher.setAAD(context(owner))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed])
}

/** Undefined where the key, the owner or a single bit is another. */
export function unseal(
  sealed: Uint8Array,
  key: string,
  owner: SealedFor,
): RoleSessionSecrets | undefined {
  const bytes = Buffer.from(sealed)
  const body = 1 + nonceLength + tagLength
  if (bytes.length <= body || bytes[0] !== version) return undefined
  try {
    const nonce = bytes.subarray(1, 1 + nonceLength)
    const options = { authTagLength: tagLength }
    const decipher = createDecipheriv(algorithm, Buffer.from(key, 'base64url'), nonce, options)
    decipher.setAAD(context(owner))
    decipher.setAuthTag(bytes.subarray(1 + nonceLength, body))
    const text = Buffer.concat([decipher.update(bytes.subarray(body)), decipher.final()])
    const { credentials, consoleUrl } = shape.parse(JSON.parse(text.toString('utf8')))
    return { credentials, consoleUrl }
  } catch {
    return undefined
  }
}

function context({ person, roleSession }: SealedFor): Buffer {
  return Buffer.from(JSON.stringify(['postern role session', version, person, roleSession]))
}
