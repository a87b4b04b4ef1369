import { credentialProcessCommand } from './commands/credential-process-command.ts'
import type { Command } from './commands/command.ts'
import { UsageFault } from './flags/flag.ts'
import { parseFlags } from './flags/parse-flags.ts'
import { logLine } from './log.ts'
import type { Surroundings } from './surroundings.ts'
import { coloursFor } from './terminal/colour.ts'

/** Runs what the words of the command line say; resolves to the exit code, and never rejects. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    // Looked at before the others are even loaded: every call of every AWS tool waits for this one.
    if (words[0] === credentialProcessCommand.name) {
      return await runCommand(credentialProcessCommand, words.slice(1), surroundings)
    }
    const { findCommand } = await import('./find-command.ts')
    const found = findCommand(words, surroundings.terminal('stdout')?.columns)
    if (found.kind === 'command') {
      return await runCommand(found.command, found.rest, surroundings)
    }
    ;(found.code === 0 ? surroundings.stdout : surroundings.stderr)(found.text)
    return found.code
  } catch (error) {
    const { reportFault } = await import('./report-fault.ts')
    return reportFault(error, surroundings)
  }
}

async function runCommand(
  command: Command,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    const flags = parseFlags(words, command.flags, command.exclusions)
    if (flags) return await (await command.load()).run(flags, surroundings)
    const { helpText } = await import('./help/help-text.ts')
    surroundings.stdout(helpText(command, surroundings.terminal('stdout')?.columns))
    return 0
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error
    const { usageText } = await import('./help/help-text.ts')
    const title = coloursFor('stderr', surroundings).red('Error:')
    const usage = usageText(command, surroundings.terminal('stderr')?.columns)
    surroundings.stderr(
      `${title} ${error.message}\n${usage}\n${logLine(error.message, surroundings)}`,
    )
    return 1
  }
}
