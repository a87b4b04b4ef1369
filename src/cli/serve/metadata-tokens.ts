import { hash } from 'node:crypto'
import type { Effects } from '../../effects.ts'

const most = 256
const longestLife = 21_600

/** The tokens of the metadata service: at most 256, of which only digests are held. */
export class MetadataTokens {
  readonly #effects: Pick<Effects, 'now' | 'randomBytes'>
  /** When each ends, in milliseconds since 1970. */
  readonly #ends = new Map<string, number>()

  constructor(effects: Pick<Effects, 'now' | 'randomBytes'>) {
    this.#effects = effects
  }

  get size(): number {
    return this.#ends.size
  }

  /** A new token for so many seconds, as the header says them; undefined for a life that is not allowed. */
  issue(seconds: string | undefined): { token: string; seconds: number } | undefined {
    const life =
      seconds === undefined ? longestLife : /^\d{1,5}$/.test(seconds) ? Number(seconds) : 0
    if (life < 1 || life > longestLife) return undefined
    this.#makeRoom()
    const token = this.#effects.randomBytes(75).toString('base64')
    this.#ends.set(digest(token), this.#effects.now().getTime() + life * 1000)
    return { token, seconds: life }
  }

  /** Whole seconds for which a token is good; undefined when it is not, or no longer. */
  secondsLeft(token: string): number | undefined {
    const end = this.#ends.get(digest(token))
    const left = end === undefined ? 0 : end - this.#effects.now().getTime()
    return left > 0 ? Math.ceil(left / 1000) : undefined
  }

  #makeRoom(): void {
    const now = this.#effects.now().getTime()
    for (const [key, end] of this.#ends) if (end <= now) this.#ends.delete(key)
    if (this.#ends.size < most) return
    // Whoever loses a token asks for another, as every SDK does.
    const [soonest] = [...this.#ends].reduce((a, b) => (b[1] < a[1] ? b : a))
    this.#ends.delete(soonest)
  }
}

function digest(token: string): string {
  return hash('sha256', token, 'base64')
}
