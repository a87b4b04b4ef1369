import type { Effects } from '../../effects.ts'
import { DirectoryRefusal } from './directory-fault.ts'

/**
 * Milliseconds; more than a controller takes to refuse. A controller writes down each wrong password of an account that
 * it has, and takes measurably longer than for a name that it doesn't have.
 */
const refusalStep = 500

/** Lets refusals out only at full steps since the start, whatever they are for. What succeeds is not kept waiting. */
export async function evenRefusals<Result>(
  work: () => Promise<Result>,
  { now, sleep }: Pick<Effects, 'now' | 'sleep'>,
): Promise<Result> {
  const startedAt = now().getTime()
  try {
    return await work()
  } catch (error) {
    if (error instanceof DirectoryRefusal) {
      const taken = now().getTime() - startedAt
      await sleep(refusalStep - (taken % refusalStep))
    }
    throw error
  }
}
