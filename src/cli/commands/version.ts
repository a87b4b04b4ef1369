import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { version } from '../version.ts'

export function run(_flags: Flags, { stdout }: Surroundings): Promise<number> {
  stdout(`${version}\n`)
  return Promise.resolve(0)
}
