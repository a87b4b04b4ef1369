import { BrokerError } from '../../errors.ts'

/** What was last heard of a directory. */
export interface DirectoryNews {
  /** Why it can't be used; undefined when it can. */
  readonly fault: string | undefined
  /** When it last did its work, in milliseconds since the epoch; undefined for never. */
  readonly lastAnswer: number | undefined
}

/** Milliseconds for which news is fresh: a directory that works is left alone, one that doesn't may soon again. */
const fresh = { working: 30_000, failing: 10_000 }
/** News older than this, in milliseconds, is none any more. */
const oldest = 90_000

/**
 * Whether a directory can be used, for readiness and metrics. Every sign-in that it answers is news; only when there was
 * none for a while, and somebody wants to know, is it tried, once for all who ask.
 */
export class DirectoryWatch {
  readonly #tryIt: () => Promise<unknown>
  readonly #now: () => Date
  #news: DirectoryNews | undefined
  #heardAt = Number.NEGATIVE_INFINITY
  #trying: Promise<void> | undefined

  /** `tryIt` rejects with the reason where the directory can't be used. */
  constructor(tryIt: () => Promise<unknown>, now: () => Date) {
    this.#tryIt = tryIt
    this.#now = now
  }

  /** Undefined where nothing has been heard yet. */
  get news(): DirectoryNews | undefined {
    return this.#news
  }

  works(): void {
    this.#heardAt = this.#now().getTime()
    this.#news = { fault: undefined, lastAnswer: this.#heardAt }
  }

  /**
   * To be tried as soon as somebody asks. No bad news by itself: what one visitor typed could have been the reason, and
   * visitors don't decide whether Postern takes traffic.
   */
  mayFail(): void {
    if (this.#news?.fault !== undefined) return
    this.#heardAt = Math.min(this.#heardAt, this.#now().getTime() - fresh.working)
  }

  /**
   * Rejects with an Error that says why the directory can't be used, and until when it could. Goes by recent news without
   * waiting: to find a controller silent takes longer than whoever asks has patience.
   */
  async check(): Promise<void> {
    // News from later than now is old too: the clock was set back.
    const age = Math.abs(this.#now().getTime() - this.#heardAt)
    if (age >= (this.#news?.fault === undefined ? fresh.working : fresh.failing)) {
      this.#trying ??= this.#try()
      if (age >= oldest) await this.#trying
    }
    const { fault, lastAnswer } = this.#news ?? {}
    if (fault === undefined) return
    const last = lastAnswer === undefined ? 'never' : `at ${new Date(lastAnswer).toISOString()}`
    throw new Error(`${fault}; it last worked ${last}`)
  }

  async #try(): Promise<void> {
    try {
      await this.#tryIt()
      this.works()
    } catch (error) {
      this.#heardAt = this.#now().getTime()
      this.#news = { fault: reasonOf(error), lastAnswer: this.#news?.lastAnswer }
    } finally {
      this.#trying = undefined
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof BrokerError) return error.detail ?? error.message
  return error instanceof Error ? error.message : String(error)
}
