import type { AdminIo } from './admin-io.ts'
import { parseArguments } from './parse-arguments.ts'
import { PasswordUnread, readPassword } from './read-password.ts'

const hashPasswordUsage = `Usage: postern-server hash-password

Reads a password from the terminal, without showing it, or from a pipe, and prints
the line that stands under passwordHash in the configuration.`

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** NIST SP 800-63B-4 §3.1.1.2: at least 15 where nothing else stands beside the password. */
const advisedCharacters = 15

/** `postern-server hash-password`. Resolves to the exit code. */
export async function hashPasswordCommand(argv: readonly string[], io: AdminIo): Promise<number> {
  const parsed = parseArguments(argv, { help: { type: 'boolean', short: 'h' } })
  if (typeof parsed === 'string') {
    // Whoever puts a password on the command line leaves it in the shell's history and in the list of processes.
    io.stderr(`A password is never an argument.\n\n${hashPasswordUsage}`)
    return 2
  }
  if (parsed.values.help === true) {
    io.stdout(hashPasswordUsage)
    return 0
  }
  try {
    const password = await readPassword(io)
    if (Array.from(password).length < advisedCharacters)
      io.stderr(
        `That is short: where only a password guards, ${advisedCharacters} characters are advised.`,
      )
    const { hash } = await import('@node-rs/argon2')
    io.stdout(await hash(password, parameters))
    return 0
  } catch (error) {
    if (!(error instanceof PasswordUnread)) throw error
    io.stderr(error.message)
    return 1
  }
}
