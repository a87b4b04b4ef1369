import type { Effects } from '../effects.ts'

export interface Attempt<Result> {
  readonly run: () => Promise<Result>
  readonly retryable: (error: unknown) => boolean
  /** The first included. */
  readonly attempts: number
  /** Ends the pauses too. */
  readonly signal: AbortSignal
}

/** Milliseconds; doubled for each further try. */
const firstPause = 200

/**
 * Runs until it succeeds or the attempts are used up, with a random pause between ("full jitter": AWS Architecture Blog,
 * "Exponential backoff and jitter"), so that brokers that were throttled together do not come back together.
 */
export async function withRetries<Result>(
  { run, retryable, attempts, signal }: Attempt<Result>,
  effects: Pick<Effects, 'sleep' | 'randomBytes'>,
): Promise<Result> {
  for (let tried = 1; ; tried++) {
    try {
      return await run()
    } catch (error) {
      if (tried >= attempts || signal.aborted || !retryable(error)) throw error
      const most = firstPause * 2 ** (tried - 1)
      await effects.sleep(Math.ceil(most * share(effects)), signal).catch(() => {
        throw error
      })
    }
  }
}

/** From 0 up to 1, evenly. */
function share({ randomBytes }: Pick<Effects, 'randomBytes'>): number {
  return randomBytes(4).readUInt32BE() / 2 ** 32
}
