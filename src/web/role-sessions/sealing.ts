import { z } from 'zod'
import type { Credentials } from '../../credentials/credentials.ts'
import { sealText, unsealText } from '../sealed-text.ts'

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

const shape = z.object({
  credentials: z.object({
    accessKeyId: z.string(),
    secretAccessKey: z.string(),
    sessionToken: z.string(),
    expiration: z.coerce.date(),
  }),
  consoleUrl: z.string().optional(),
})

/** Seals under the 32 bytes of a browser's key, in base64url. */
export function seal(
  secrets: RoleSessionSecrets,
  key: string,
  owner: SealedFor,
  randomBytes: (length: number) => Buffer,
): Uint8Array {
  return sealText(JSON.stringify(secrets), key, context(owner), randomBytes)
}

/** Undefined where the key, the owner or a single bit is another. */
export function unseal(
  sealed: Uint8Array,
  key: string,
  owner: SealedFor,
): RoleSessionSecrets | undefined {
  const text = unsealText(sealed, key, context(owner))
  if (text === undefined) return undefined
  try {
    const { credentials, consoleUrl } = shape.parse(JSON.parse(text))
    return { credentials, consoleUrl }
  } catch {
    return undefined
  }
}

function context({ person, roleSession }: SealedFor): string {
  return JSON.stringify(['postern role session', 1, person, roleSession])
}
