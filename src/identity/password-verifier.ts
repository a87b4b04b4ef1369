import { BoundedQueue } from './bounded-queue.ts'
import { TooManyRequests } from '../errors.ts'

/** Checks one password against one argon2 hash (RFC 9106), and makes hashes that nothing matches. */
export interface PasswordHasher {
  verify(hash: string, password: string): Promise<boolean>
  /** A hash of random bytes with the parameters of `model`, or with the library's own. */
  decoy(model: string | undefined): Promise<string>
}

/** The real one. The native part is loaded when the first password comes, and not by programs that never see one. */
export async function loadArgon2(randomBytes: (length: number) => Buffer): Promise<PasswordHasher> {
  const { hash, parseOptions, verify } = await import('@node-rs/argon2')
  return {
    verify,
    async decoy(model) {
      if (model === undefined) return hash(randomBytes(32))
      const { algorithm, version, memoryCost, timeCost, parallelism, outputLen } =
        parseOptions(model)
      const parameters = { algorithm, version, memoryCost, timeCost, parallelism, outputLen }
      return hash(randomBytes(32), parameters)
    },
  }
}

const retryAfterSeconds = 2

/**
 * A hasher of which only so many hashes run at once and so many wait: hashing takes whole cores, and shares a thread pool
 * with DNS and files. `verify` rejects with TooManyRequests when the line is full.
 */
export function boundedHasher(
  load: () => Promise<PasswordHasher>,
  limit: { readonly running: number; readonly waiting: number },
): PasswordHasher {
  const queue = new BoundedQueue(limit)
  let loaded: Promise<PasswordHasher> | undefined
  const hasher = () => (loaded ??= load())
  return {
    async verify(hash, password) {
      const inner = await hasher()
      const place = queue.run(() => inner.verify(hash, password))
      if (place) return place
      throw new TooManyRequests(
        'Too many people are signing in at this moment. Try again in a few seconds.',
        retryAfterSeconds,
        'the line of passwords to check is full',
      )
    },
    decoy: async (model) => (await hasher()).decoy(model),
  }
}
