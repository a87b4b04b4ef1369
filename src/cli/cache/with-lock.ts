import type { Surroundings } from '../surroundings.ts'
import { KernelLock } from './kernel-lock.ts'

const pause = 20

/**
 * Takes a lock, waiting at most so many milliseconds. Between two tries `meanwhile` is asked, and what it finds ends the
 * wait. Gives the lock, what was found, or undefined when the time is over.
 */
export async function lockOr<Found>(
  path: string,
  { effects }: Pick<Surroundings, 'effects'>,
  longestWait: number,
  meanwhile: () => Found | undefined = () => undefined,
): Promise<KernelLock | Found | undefined> {
  for (let waited = 0; ; waited += pause) {
    const lock = KernelLock.take(path)
    if (lock) return lock
    const found = meanwhile()
    if (found !== undefined || waited >= longestWait) return found
    // Neighbours that started together should not try together.
    const jitter = (effects.randomBytes(1)[0] ?? 0) % pause
    await effects.sleep(pause / 2 + jitter)
  }
}
