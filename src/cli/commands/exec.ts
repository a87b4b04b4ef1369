import { childEnvironment } from '../broker/child-environment.ts'
import { openRole } from '../broker/open-role.ts'
import { runChild } from '../broker/run-child.ts'
import { UsageFault } from '../flags/flag.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { withProgress } from '../terminal/progress.ts'

export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const [, program, ...args] = flags.words
  const source = openRole(flags, surroundings)
  if (program === undefined) {
    throw new UsageFault('name a command behind --, as in: postern exec ROLE -- aws s3 ls')
  }
  const session = await withProgress('Asking for credentials', surroundings, () => source.current())
  return runChild(program, args, childEnvironment(session, surroundings), surroundings)
}
