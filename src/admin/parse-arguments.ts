import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Flags and positionals of a subcommand, or what is wrong with them in one line. */
export function parseArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  options: Options,
  maxPositionals = 0,
) {
  try {
    const parsed = parseArgs({ args: [...argv], options, allowPositionals: true })
    const extra = parsed.positionals[maxPositionals]
    return extra === undefined ? parsed : `Too much: ${extra}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
