import { resolve } from 'node:path'
import { checkProfileName } from '../../credentials/profile-name.ts'
import { checkRegion } from '../../credentials/region.ts'
import { awsFile } from '../aws-files/aws-file.ts'
import { changeFile } from '../aws-files/change-file.ts'
import { isMasked } from '../aws-files/is-masked.ts'
import { type BrokerProfile, foreignProfiles, withProfiles } from '../broker/broker-profile.ts'
import { type BrokerSettings, brokerSettings } from '../broker/broker-settings.ts'
import { connectBroker } from '../broker/connect-broker.ts'
import { findRole, type OfferedRole } from '../broker/find-role.ts'
import { profileNames } from '../broker/profile-names.ts'
import { keepRoleNames } from '../broker/role-names.ts'
import { CliFault } from '../cli-fault.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { lastingProgram } from '../setup/lasting-program.ts'
import { quoteWords } from '../setup/quote-words.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'
import { renderTable } from '../terminal/table.ts'

interface Wanted extends BrokerProfile {
  readonly role: string
}

/** Writes them all in one step, or none where one would replace what is not ours. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const settings = brokerSettings(flags, surroundings)
  const roles = await withProgress(`Asking ${settings.origin}`, surroundings, async () =>
    (await connectBroker(settings, surroundings)).roles(),
  )
  keepRoleNames(roles, surroundings)
  const profiles = wanted(roles, settings, flags, surroundings)
  const path = awsFile('config', surroundings)
  await changeFile(path, surroundings, (before) => {
    const names = profiles.map(({ name }) => name)
    const foreign = flags.isOn('force') ? [] : foreignProfiles(before, names)
    if (foreign.length === 0) return withProfiles(before, profiles)
    throw new CliFault(
      `Something else has made ${foreign.join(', ')} in ${path}; nothing was changed. ` +
        'Give another --profile, or --force to replace it.',
    )
  })
  for (const { name } of profiles.filter((profile) => isMasked(profile.name, surroundings))) {
    surroundings.stderr(
      `Warning: keys of the profile ${name} in the credentials file are used instead; remove them.\n`,
    )
  }
  say(profiles, path, flags, surroundings)
  return 0
}

function wanted(
  roles: readonly OfferedRole[],
  settings: BrokerSettings,
  flags: Flags,
  surroundings: Surroundings,
): readonly Wanted[] {
  const chosen = new Set(flags.words.map((word) => findRole(word, roles)))
  const all = chosen.size === 0 ? roles : [...chosen]
  const named = flags.filled('profile')
  if (named !== undefined && all.length !== 1) {
    throw new CliFault('--profile names one profile. Name one role with it.')
  }
  const names = profileNames(roles)
  const program = all.length === 0 ? [] : lastingProgram(surroundings)
  return all.map((role) => ({
    role: role.arn,
    name: checkProfileName(named ?? names.get(role.arn) ?? ''),
    command: command(role, settings, flags, program, surroundings.platform),
    region: role.region === undefined ? undefined : checkRegion(role.region),
  }))
}

/** What AWS tools call. What was given on this command line goes along; what the login remembers need not. */
function command(
  { arn }: OfferedRole,
  { origin }: BrokerSettings,
  flags: Flags,
  program: readonly string[],
  platform: NodeJS.Platform,
): string {
  const files = ['ca', 'certificate', 'private-key'].flatMap((name) => {
    const path = flags.filled(name)
    return path === undefined ? [] : [`--${name}`, resolve(path)]
  })
  const words = [
    ...[...program, 'credential-process', '--broker', origin, '--role', arn],
    ...(flags.isOn('kerberos') ? ['--kerberos'] : []),
    ...(flags.has('session-duration')
      ? ['--session-duration', flags.text('session-duration')]
      : []),
    ...files,
  ]
  return quoteWords(words, platform)
}

function say(
  profiles: readonly Wanted[],
  path: string,
  flags: Flags,
  surroundings: Surroundings,
): void {
  if (flags.isOn('json')) {
    const own = profiles.map(({ name, role }) => ({ name, role }))
    printJson({ file: path, profiles: own }, surroundings)
    return
  }
  if (profiles.length === 0) {
    surroundings.stderr('You have no roles, so there was nothing to write.\n')
    return
  }
  const rows = [['PROFILE', 'ROLE'], ...profiles.map(({ name, role }) => [name, role])]
  surroundings.stdout(renderTable(rows, surroundings.terminal('stdout')?.columns))
  surroundings.stderr(
    `Written to ${path}. Try: aws sts get-caller-identity --profile ${profiles[0]?.name ?? ''}\n`,
  )
}
