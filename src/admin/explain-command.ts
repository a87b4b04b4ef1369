import type { Config } from '../config/config.ts'
import type { Environment } from '../config/env.ts'
import { toCatalogue } from '../config/to-catalogue.ts'
import type { Catalogue, Entitlement } from '../entitlements/catalogue.ts'
import { entitlementsOf, matchesOf } from '../entitlements/decide.ts'
import { shortDuration } from '../entitlements/duration-text.ts'
import { sessionParameters } from '../entitlements/session-parameters.ts'
import { BrokerError } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { AdminIo } from './admin-io.ts'
import { readConfig } from './config-source.ts'
import { type AskedPerson, explainedIdentity } from './explained-identity.ts'
import { parseArguments } from './parse-arguments.ts'

const explainUsage = `Usage: postern-server explain --user NAME [--people PEOPLE] [--group GROUP]...
                              [--method METHOD] [--aws-role ARN]... [--config FILE]

Prints which roles somebody may have, and by which grant. A local user brings the
groups of the configuration, and whoever a certificate names (AUTHORITY/SOURCE/NAME)
those of its authority; --group adds more, for people of other directories, and
--aws-role what a SAML provider gives by its AWS role attribute to those who sign in
by --method.
Exit code: 0 at least one role, 1 none.`

const options = {
  user: { type: 'string' },
  people: { type: 'string' },
  group: { type: 'string', multiple: true },
  method: { type: 'string' },
  'aws-role': { type: 'string', multiple: true },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** `postern-server explain`. Resolves to the exit code. */
export function explainCommand(argv: readonly string[], io: AdminIo, env: Environment): number {
  const parsed = parseArguments(argv, options)
  if (typeof parsed === 'string') {
    io.stderr(`${parsed}\n\n${explainUsage}`)
    return 2
  }
  const { user, people, group = [], method, config: file, help } = parsed.values
  const awsRoles = parsed.values['aws-role'] ?? []
  if (help === true) {
    io.stdout(explainUsage)
    return 0
  }
  if (user === undefined) {
    io.stderr(`Whose roles? Name somebody with --user.\n\n${explainUsage}`)
    return 2
  }
  const config = readConfig(file, env, io)
  return config ? explain({ user, people, groups: group, method, awsRoles }, config, io) : 1
}

function explain(asked: AskedPerson, config: Config, io: AdminIo): number {
  const identity = explainedIdentity(asked, config)
  if (typeof identity === 'string') {
    io.stderr(identity)
    return 2
  }
  const catalogue = toCatalogue(config)
  const entitlements = entitlementsOf(identity, catalogue)
  const groups = identity.groups.length === 0 ? 'no groups' : identity.groups.join('; ')
  io.stdout(`${identity.name} of ${identity.person.people}, groups: ${groups}`)
  if (entitlements.length === 0) {
    io.stdout('No role: no grant is for this person or one of these groups.')
    return 1
  }
  let account = ''
  for (const entitlement of entitlements) {
    const { id, name } = entitlement.role.account
    if (id !== account) io.stdout(`\n${id} ${name}`)
    account = id
    for (const line of linesOf(entitlement, identity, catalogue)) io.stdout(`  ${line}`)
  }
  return 0
}

function linesOf(
  { role }: Entitlement,
  identity: Identity,
  catalogue: Catalogue,
): readonly string[] {
  const { credentials, console } = role.durations
  const range = (of: typeof console): string =>
    `${shortDuration(of.default)} (at most ${shortDuration(of.max)})`
  return [
    role.arn.arn,
    ...reasons(role.arn.arn, identity, catalogue),
    `  ${awsSees(role, identity, catalogue)}`,
    `  by the issuer ${role.issuer}; credentials ${range(credentials)}, console ${range(console)}`,
  ]
}

function reasons(arn: string, identity: Identity, catalogue: Catalogue): readonly string[] {
  return [...matchesOf(identity, catalogue)]
    .filter(({ role }) => role.arn.arn === arn)
    .map(({ grant, group }) => {
      const how = grant.grantee.kind === 'aws-roles' ? 'given by the provider' : 'as user'
      return `  by ${grant.path}, ${group === undefined ? how : `group ${group}`}`
    })
}

function awsSees(role: Entitlement['role'], identity: Identity, catalogue: Catalogue): string {
  try {
    const { roleSessionName } = sessionParameters(identity, role, catalogue)
    return `AWS sees ${role.arn.name}/${roleSessionName}`
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    return `refused: ${error.message}`
  }
}
