import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Seal } from '../sessions/seal.ts'

const signIn = z.object({
  id: z.string(),
  /** Milliseconds since the epoch: of the token, and of the console session that it opens. */
  tokenExpiresAt: z.number(),
  consoleSeconds: z.number(),
  arn: z.string(),
  account: z.string(),
  userId: z.string(),
  sourceIdentity: z.string().optional(),
})

export type SignIn = z.infer<typeof signIn>

const LIFE_MILLISECONDS = 15 * 60 * 1000

/** Sign-in tokens: valid 15 minutes, once or often as switched. */
export class SigninTokens {
  readonly #seal: Seal
  readonly #reusable: boolean
  /** Used tokens by ID, with when they may be forgotten. */
  readonly #used = new Map<string, number>()

  constructor(seal: Seal, reusable: boolean) {
    this.#seal = seal
    this.#reusable = reusable
  }

  issue(about: Omit<SignIn, 'id' | 'tokenExpiresAt'>, now: Date): string {
    const tokenExpiresAt = now.getTime() + LIFE_MILLISECONDS
    return this.#seal.seal('sign-in', { ...about, id: randomUUID(), tokenExpiresAt }, 'base64url')
  }

  /** What a token stands for, or undefined when it is unknown, expired or used up. */
  redeem(token: string, now: Date): SignIn | undefined {
    const found = this.#seal.open('sign-in', token, signIn, 'base64url')
    if (found === undefined || found.tokenExpiresAt <= now.getTime()) return undefined
    if (this.#reusable) return found
    for (const [id, end] of this.#used) if (end <= now.getTime()) this.#used.delete(id)
    if (this.#used.has(found.id)) return undefined
    this.#used.set(found.id, found.tokenExpiresAt)
    return found
  }
}
