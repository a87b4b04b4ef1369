import { z } from 'zod'

/** What can be made to go wrong with a call. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The answer is right but comes after so many milliseconds; the action runs first. */
  z.strictObject({ kind: z.literal('slow'), milliseconds: z.number().int().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal('throttling') }),
  z.strictObject({ kind: z.literal('internal-failure') }),
  z.strictObject({ kind: z.literal('unavailable') }),
  /** 200 with a page instead of what was asked, as a proxy in between might answer. */
  z.strictObject({ kind: z.literal('html') }),
  /** The action runs, and the connection breaks in the middle of its answer. */
  z.strictObject({ kind: z.literal('half-answer') }),
  /** The connection is reset and the action doesn't run. */
  z.strictObject({ kind: z.literal('reset') }),
  /** The federation endpoint's 400. */
  z.strictObject({ kind: z.literal('bad-request') }),
  z.strictObject({ kind: z.literal('region-disabled') }),
  z.strictObject({ kind: z.literal('access-denied') }),
  z.strictObject({ kind: z.literal('expired-token') }),
  /** What STS says for an identity provider that said no. */
  z.strictObject({ kind: z.literal('identity-rejected') }),
])

export type Fault = z.infer<typeof faultSchema>

/** The action that a fault waits for: an STS action, `getSigninToken`, `login`, or `*` for the next call of any. */
export type FaultTarget = string

/**
 * Faults that are waiting for calls. Each action has a queue of its own, which is served before that of
 * `*`. Refusing connections is no fault of a call: the listeners close for a while.
 */
export class Faults {
  readonly #queues = new Map<FaultTarget, Fault[]>()
  readonly #refuse: (milliseconds: number) => Promise<void>

  constructor(refuse: (milliseconds: number) => Promise<void>) {
    this.#refuse = refuse
  }

  /** Makes the next `times` calls of an action go wrong. */
  next(target: FaultTarget, fault: Fault, times = 1): void {
    const queue = this.#queues.get(target) ?? []
    for (let i = 0; i < times; i++) queue.push(fault)
    this.#queues.set(target, queue)
  }

  /** Closes the listeners and every connection for so many milliseconds. Resolves when they are closed. */
  refuseConnections(milliseconds: number): Promise<void> {
    return this.#refuse(milliseconds)
  }

  take(action: string): Fault | undefined {
    return this.#queues.get(action)?.shift() ?? this.#queues.get('*')?.shift()
  }

  clear(): void {
    this.#queues.clear()
  }

  /** How many calls of each action will still go wrong. */
  waiting(): Record<FaultTarget, number> {
    return Object.fromEntries([...this.#queues].map(([name, queue]) => [name, queue.length]))
  }
}
