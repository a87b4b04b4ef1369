import { AwsRefused, BrokerError } from '../../errors.ts'

/** What one examination found. */
export interface Finding {
  readonly what: string
  readonly state: 'ok' | 'warning' | 'failed' | 'not tried'
  /** One sentence. */
  readonly says: string
  /** What to do, one sentence each. */
  readonly fixes: readonly string[]
}

export function ok(what: string, says: string): Finding {
  return { what, state: 'ok', says, fixes: [] }
}

/** Runs one examination; what it throws is a failure with the fix that goes with it. */
export async function examined(what: string, examine: () => Promise<Finding>): Promise<Finding> {
  try {
    return await examine()
  } catch (error) {
    if (error instanceof AwsRefused) {
      const { message, remedies, fault } = error
      const said = `${message} AWS says: ${fault.code}: ${fault.message}`
      return { what, state: 'failed', says: said, fixes: remedies }
    }
    if (error instanceof BrokerError)
      return { what, state: 'failed', says: error.message, fixes: [] }
    throw error
  }
}

const marks = { ok: 'ok      ', warning: 'WARNING ', failed: 'FAILED  ', 'not tried': '-       ' }

/** The finding as it is printed. */
export function linesOf({ what, state, says, fixes }: Finding): readonly string[] {
  return [`${marks[state]}${what}: ${says}`, ...fixes.map((fix) => `          ${fix}`)]
}
