import { type HeldSession, isFresh, lifeLeft, untilRenewal } from '../held-session.ts'
import { logLine } from '../log.ts'
import { describe } from '../report-fault.ts'
import type { Surroundings } from '../surroundings.ts'
import { warnBeforeEnd } from '../warn-before-end.ts'

/** Obtains credentials that may replace those at hand. */
export type Renew = (held: HeldSession | undefined) => Promise<HeldSession>

const pauseAfterFailure = 30_000

/** Credentials that are renewed before they end; the last good ones are kept while they last. */
export class CredentialKeeper {
  readonly #renew: Renew
  readonly #surroundings: Surroundings
  #held: HeldSession | undefined
  #renewing: Promise<void> | undefined
  #notBefore = 0

  constructor(renew: Renew, surroundings: Surroundings) {
    this.#renew = renew
    this.#surroundings = surroundings
  }

  /** Credentials with life in them; undefined when there are none to be had now. */
  async get(): Promise<HeldSession | undefined> {
    const { now } = this.#surroundings.effects
    if (this.#held && isFresh(this.#held, now())) return this.#held
    await this.#attempt()
    return this.#held && lifeLeft(this.#held, now()) > 0 ? this.#held : undefined
  }

  /** The first credentials. What goes wrong is thrown, so that nobody waits for a server that can't serve. */
  async start(): Promise<void> {
    this.#take(await this.#renew(undefined))
  }

  /** Renews ahead of time, until stopped: no client then waits for AWS. */
  async keep(stop: AbortSignal): Promise<void> {
    const { now, sleep } = this.#surroundings.effects
    while (!stop.aborted) {
      const due = this.#held ? untilRenewal(this.#held, now()) : 0
      const pause = Math.max(due, this.#notBefore - now().getTime(), 1_000)
      const woken = await sleep(pause, stop).then(
        () => true,
        () => false,
      )
      if (woken) await this.get()
    }
  }

  #attempt(): Promise<void> {
    if (this.#renewing) return this.#renewing
    if (this.#surroundings.effects.now().getTime() < this.#notBefore) return Promise.resolve()
    this.#renewing = this.#renewOnce().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  async #renewOnce(): Promise<void> {
    const { effects, stderr } = this.#surroundings
    try {
      const session = await this.#renew(this.#held)
      // The former came back: AWS did not answer.
      if (session === this.#held) this.#postpone()
      else this.#take(session)
    } catch (error) {
      this.#postpone()
      stderr(logLine(`no new credentials: ${describe(error)}`, { effects }))
    }
  }

  #postpone(): void {
    this.#notBefore = this.#surroundings.effects.now().getTime() + pauseAfterFailure
  }

  #take(session: HeldSession): void {
    this.#held = session
    if (!isFresh(session, this.#surroundings.effects.now())) this.#postpone()
    warnBeforeEnd(session, this.#surroundings)
  }
}
