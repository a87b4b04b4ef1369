import { NotOurs, readOwnFile } from '../cache/own-files.ts'
import { CliFault } from '../cli-fault.ts'
import type { Surroundings } from '../surroundings.ts'

/** The text of a file that only the user can read; undefined when there is none. NotOurs, or CliFault where the system refuses. */
export function ownText(path: string, surroundings: Pick<Surroundings, 'uid'>): string | undefined {
  try {
    return readOwnFile(path, surroundings)
  } catch (cause) {
    if (cause instanceof NotOurs) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`${path} can't be read. Check who may read it, and that HOME is yours.`, {
      detail: why,
      cause,
    })
  }
}
