/** How long an answer counts, in milliseconds from when it was asked for; 0 for not at all. */
export interface AnswerLife {
  readonly given: number
  readonly failed: (error: unknown) => number
}

interface Remembered<Answer> {
  readonly answer: Promise<Answer>
  /** Milliseconds since the epoch. */
  readonly askedAt: number
  /** Milliseconds since the epoch; without end while the answer is awaited. */
  until: number
}

/**
 * Answers to questions that many ask at once: each is asked once for all who wait, and remembered for a while. Past
 * `most` the one that was asked first is forgotten.
 */
export class RememberedAnswers<Answer> {
  readonly #most: number
  readonly #life: AnswerLife
  readonly #now: () => Date
  readonly #known = new Map<string, Remembered<Answer>>()

  constructor(most: number, life: AnswerLife, now: () => Date) {
    this.#most = most
    this.#life = life
    this.#now = now
  }

  async get(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const askedAt = this.#now().getTime()
    const known = this.#known.get(question)
    if (known && counts(known, askedAt)) return known.answer
    const asked = { answer: ask(), askedAt, until: Number.POSITIVE_INFINITY }
    this.#known.delete(question)
    this.#known.set(question, asked)
    this.#forgetFirst()
    try {
      const answer = await asked.answer
      asked.until = askedAt + this.#life.given
      return answer
    } catch (error) {
      asked.until = askedAt + this.#life.failed(error)
      throw error
    }
  }

  #forgetFirst(): void {
    for (const question of this.#known.keys()) {
      if (this.#known.size <= this.#most) return
      this.#known.delete(question)
    }
  }
}

/** An answer from later than now is none: the clock was set back, and it would count for as long. */
function counts({ askedAt, until }: Remembered<unknown>, now: number): boolean {
  return askedAt <= now && now < until
}
