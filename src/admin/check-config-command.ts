import type { Config } from '../config/config.ts'
import type { Environment } from '../config/env.ts'
import { startPageFaults } from '../console/start-pages.ts'
import type { AdminIo } from './admin-io.ts'
import { certificateFileReport } from './certificate-file-report.ts'
import { readConfig } from './config-source.ts'
import { parseArguments } from './parse-arguments.ts'

const checkConfigUsage = `Usage: postern-server check-config [FILE]

Reads FILE, or what POSTERN_CONFIG names, and lists everything that is wrong with
it, and with the files that sign-in by client certificate depends on.
Exit code: 0 in order, 1 not.`

/** `postern-server check-config`. Resolves to the exit code. */
export async function checkConfigCommand(
  argv: readonly string[],
  io: AdminIo,
  env: Environment,
): Promise<number> {
  const options = { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const parsed = parseArguments(argv, options, 1)
  if (typeof parsed === 'string') {
    io.stderr(`${parsed}\n\n${checkConfigUsage}`)
    return 2
  }
  if (parsed.values.help === true) {
    io.stdout(checkConfigUsage)
    return 0
  }
  const config = readConfig(parsed.positionals[0] ?? parsed.values.config, env, io)
  if (!config) return 1
  const faults = [
    ...startPageFaults(config.roles.values(), config.aws.endpoints.console),
    ...(await certificateFileReport(config)),
  ]
  for (const fault of faults) io.stderr(fault)
  if (faults.length > 0) return 1
  io.stdout(`${config.file} is in order: ${contents(config)}.`)
  for (const line of notes(config)) io.stdout(line)
  return 0
}

function contents({ signIn, issuers, accounts, roles, grants }: Config): string {
  return [
    count(signIn.length, 'sign-in method'),
    count(issuers.size, 'issuer'),
    count(accounts.size, 'account'),
    count(roles.size, 'role'),
    count(grants.length, 'grant'),
  ].join(', ')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** What is allowed and yet seldom meant. */
function notes({ roles, grants, issuers, accounts }: Config): readonly string[] {
  const granted = new Set(grants.flatMap((grant) => grant.roles))
  // Which roles these lead to shows only at a sign-in.
  const byPattern = grants.some(({ grantee }) =>
    ['group-pattern', 'aws-roles'].includes(grantee.kind),
  )
  const used = new Set(
    [...roles.values(), ...grants.flatMap(({ template }) => template ?? [])].map(
      ({ issuer }) => issuer,
    ),
  )
  const inUse = new Set([...roles.values()].map(({ account }) => account.id))
  return [
    ...[...roles.keys()]
      .filter((arn) => !granted.has(arn) && !byPattern)
      .map((arn) => `Note: no grant names the role ${arn}.`),
    ...[...issuers.keys()]
      .filter((name) => !used.has(name))
      .map((name) => `Note: no role uses the issuer ${name}.`),
    ...[...accounts.keys()]
      .filter((id) => !inUse.has(id) && !byPattern)
      .map((id) => `Note: no role is in the account ${id}.`),
  ]
}
