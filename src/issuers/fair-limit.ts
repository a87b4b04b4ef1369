import type { Effects } from '../effects.ts'
import { TooManyRequests } from '../errors.ts'

export interface FairLimitOptions {
  /** Calls a second; as many may come at once after a quiet second. */
  readonly perSecond: number
  /** Most that wait for their turn. */
  readonly waiting: number
}

interface Place {
  readonly enter: () => void
  readonly giveUp: (error: TooManyRequests) => void
}

/** Milliseconds: timers are no finer, and a turn for each call would wake the process for nothing. */
const shortestTurn = 5

/**
 * Lets so many calls through a second; the others wait in a queue in which people take turns, so that one who asks for
 * much waits behind himself. When the queue is full, whoever has most in it loses the latest of his places to a person
 * who has fewer, and otherwise the newcomer is told to come back.
 */
export class FairLimit {
  readonly #options: FairLimitOptions
  readonly #effects: Pick<Effects, 'now' | 'sleep'>
  readonly #queues = new Map<string, Place[]>()
  #waiting = 0
  #tokens: number
  #filledAt: number
  #turning = false

  constructor(options: FairLimitOptions, effects: Pick<Effects, 'now' | 'sleep'>) {
    this.#options = options
    this.#effects = effects
    this.#tokens = options.perSecond
    this.#filledAt = effects.now().getTime()
  }

  /** Resolves when it is this person's turn; rejects with TooManyRequests when too many wait. */
  async admit(person: string): Promise<void> {
    this.#fill()
    if (this.#waiting === 0 && this.#tokens >= 1) {
      this.#tokens -= 1
      return
    }
    if (this.#waiting >= this.#options.waiting) this.#makeRoom(person)
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const queue = this.#queues.get(person) ?? []
    queue.push({
      enter: () => {
        resolve(undefined)
      },
      giveUp: reject,
    })
    this.#queues.set(person, queue)
    this.#waiting += 1
    if (!this.#turning) void this.#takeTurns()
    await promise
  }

  #fill(): void {
    const now = this.#effects.now().getTime()
    const { perSecond } = this.#options
    const gained = (Math.max(0, now - this.#filledAt) * perSecond) / 1000
    this.#tokens = Math.min(perSecond, this.#tokens + gained)
    this.#filledAt = now
  }

  #makeRoom(person: string): void {
    const own = this.#queues.get(person)?.length ?? 0
    const [greediest, queue] = [...this.#queues].reduce(
      (most, one) => (one[1].length > most[1].length ? one : most),
      [person, []],
    )
    const latest = queue.length > own + 1 ? queue.pop() : undefined
    if (!latest) throw this.#full()
    if (queue.length === 0) this.#queues.delete(greediest)
    this.#waiting -= 1
    latest.giveUp(this.#full())
  }

  /** Turns are counted by the pauses themselves, so that a clock that is set back stops nobody. */
  async #takeTurns(): Promise<void> {
    this.#turning = true
    const { perSecond } = this.#options
    const turns = Math.max(1, Math.floor((shortestTurn * perSecond) / 1000))
    const pause = (turns * 1000) / perSecond
    while (this.#waiting > 0) {
      await this.#effects.sleep(pause)
      for (let turn = 0; turn < turns; turn += 1) this.#next()
    }
    this.#tokens = 0
    this.#filledAt = this.#effects.now().getTime()
    this.#turning = false
  }

  /** The first in the row, whose others then stand at its end. */
  #next(): void {
    const [first] = this.#queues
    if (!first) return
    const [person, queue] = first
    this.#queues.delete(person)
    const place = queue.shift()
    if (queue.length > 0) this.#queues.set(person, queue)
    this.#waiting -= 1
    place?.enter()
  }

  #full(): TooManyRequests {
    const seconds = Math.max(1, Math.ceil(this.#waiting / this.#options.perSecond))
    return new TooManyRequests(
      `More people ask for credentials than AWS would take. Postern keeps below its limit, and ${this.#waiting} requests wait already. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
      seconds,
      `limit of ${this.#options.perSecond} calls a second`,
    )
  }
}
