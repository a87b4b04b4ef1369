import type { Exclusion, Flag } from '../flags/flag.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'

/** The part of a command that runs; resolves to the exit code. */
export type Run = (flags: Flags, surroundings: Surroundings) => Promise<number>

/** A command: parser, help, man page and shell completion are made from this alone. */
export interface Command {
  /** One or two words. */
  readonly name: string
  readonly summary: string
  readonly description: string
  /** What stands behind the name beside flags. */
  readonly operands?: string
  readonly flags: readonly Flag[]
  readonly exclusions?: readonly Exclusion[]
  readonly examples: readonly string[]
  readonly load: () => Promise<{ readonly run: Run }>
}
