import { closest } from '../config/closest.ts'
import { type Environment, readEnvironment } from '../config/env.ts'
import type { AdminIo } from './admin-io.ts'
import { auditCommand } from './audit-command.ts'
import { openEvidence } from './audit-evidence.ts'
import { checkConfigCommand } from './check-config-command.ts'
import { configFrom, toldConfigError } from './config-source.ts'
import { explainCommand } from './explain-command.ts'
import { hashPasswordCommand } from './hash-password-command.ts'
import { samlCommand } from './saml-check-command.ts'
import { withRealEffects } from './real-effects.ts'
import { version } from './version.ts'

interface Command {
  readonly summary: string
  run(argv: readonly string[], io: AdminIo, env: Environment): number | Promise<number>
}

const commands: Readonly<Record<string, Command>> = {
  'check-config': {
    summary: 'list everything that is wrong with the configuration',
    run: checkConfigCommand,
  },
  explain: { summary: 'say who may have which roles, and by which grant', run: explainCommand },
  'hash-password': {
    summary: 'make the line that stands under passwordHash',
    run: hashPasswordCommand,
  },
  'aws-setup': {
    summary: 'print what AWS needs for the configured roles',
    run: async (argv, io, env) => {
      const { awsSetupCommand } = await import('./aws-setup/aws-setup-command.ts')
      return withRealEffects((effects) => awsSetupCommand(argv, io, env, effects))
    },
  },
  doctor: {
    summary: 'try what can be tried from here, and say how to fix what fails',
    run: async (argv, io, env) => {
      const { doctorCommand } = await import('./doctor/doctor-command.ts')
      return doctorCommand(argv, io, env)
    },
  },
  audit: { summary: 'verify or export the audit trail', run: audit },
  saml: { summary: 'check a SAML sign-in method: saml check METHOD', run: samlCommand },
  version: {
    summary: 'print the version',
    run: (_, io) => {
      io.stdout(version())
      return 0
    },
  },
  help: {
    summary: 'print this',
    run: (_, io) => {
      io.stdout(usage())
      return 0
    },
  },
}

/** Other spellings that people try. */
const aliases: Readonly<Record<string, string>> = {
  '--help': 'help',
  '-h': 'help',
  '--version': 'version',
  '-v': 'version',
}

/**
 * `postern-server <command>`: everything but serving. `argv` starts with the command. Resolves to the exit code: 0 done,
 * 1 not in order, 2 wrong usage.
 */
export async function runAdmin(
  argv: readonly string[],
  io: AdminIo,
  env: Environment = readEnvironment(),
): Promise<number> {
  const [word = 'help', ...rest] = argv
  const name = aliases[word] ?? word
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command.run(rest, io, env)
  const near = closest(word, Object.keys(commands))
  const hint = near === undefined ? '' : ` Perhaps ${near}?`
  io.stderr(`postern-server has no command ${word}.${hint}\n\n${usage()}`)
  return 2
}

async function audit(argv: readonly string[], io: AdminIo, env: Environment): Promise<number> {
  const at = argv.indexOf('--config')
  const file = at === -1 ? undefined : argv[at + 1]
  try {
    return await auditCommand(at === -1 ? argv : argv.toSpliced(at, 2), io, {
      openEvidence: () => openEvidence(configFrom(file, env)),
    })
  } catch (error) {
    if (toldConfigError(error, io)) return 1
    throw error
  }
}

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2
  const list = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}${summary}`,
  )
  return `Usage: postern-server            serve, as POSTERN_CONFIG says
       postern-server COMMAND    do one of these, and end

${list.join('\n')}

postern-server COMMAND --help says more.`
}
