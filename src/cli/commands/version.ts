import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { version } from '../version.ts'

export function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  if (flags.isOn('json')) {
    const { platform } = surroundings
    const { version: node } = process
    printJson({ version, node, platform, architecture: process.arch }, surroundings)
  } else {
    surroundings.stdout(`${version}\n`)
  }
  return Promise.resolve(0)
}
