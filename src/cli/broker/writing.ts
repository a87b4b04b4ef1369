import { BrokerError } from '../../errors.ts'
import { NotOurs } from '../cache/own-files.ts'
import { CliFault } from '../cli-fault.ts'

/** Does what writes in a folder of the user. CliFault that says what to do where the system refuses, on a full disk say. */
export function writing<Result>(folder: string, write: () => Result): Result {
  try {
    return write()
  } catch (cause) {
    if (cause instanceof BrokerError || cause instanceof NotOurs) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(
      `${folder} can't be written. Check who may write there, and that the disk has room.`,
      { detail: why, cause },
    )
  }
}
