import type { X509Certificate } from 'node:crypto'
import { join, resolve } from 'node:path'
import { awsFile } from '../aws-files/aws-file.ts'
import { isMasked } from '../aws-files/is-masked.ts'
import { changeFile } from '../aws-files/change-file.ts'
import { editSection } from '../aws-files/edit-profile.ts'
import { CliFault } from '../cli-fault.ts'
import { checkRoleArn } from '../../rolesanywhere/rolesanywhere-arn.ts'
import { regionOf } from '../../rolesanywhere/create-session.ts'
import { checkRegion } from '../../credentials/region.ts'
import { validityAt } from '../../keys/certificate.ts'
import { checkProfileName } from '../../credentials/profile-name.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { Passphrase } from '../keys/passphrase.ts'
import { passwordIn } from '../keys/password-file.ts'
import { readBytes } from '../keys/read-bytes.ts'
import { describe } from '../report-fault.ts'
import { standardInput } from '../settings/key-settings.ts'
import { callerThrough } from '../setup/caller-through.ts'
import { certificatePem } from '../setup/certificate-pem.ts'
import {
  pemName,
  preparePrivateFolder,
  removeEarlierCopies,
  writePem,
} from '../setup/private-folder.ts'
import { lastingProgram } from '../setup/lasting-program.ts'
import { quoteWords } from '../setup/quote-words.ts'
import { scheduleLines } from '../setup/schedule-lines.ts'
import { SetupLog } from '../setup/setup-log.ts'
import { runTool } from '../stores/run-tool.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'
import { warnBeforeEnd } from '../warn-before-end.ts'

/** Does what the profile needs, step by step, each in the log. Running it again replaces what the last run made. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const { home, platform } = surroundings
  const log = new SetupLog(
    resolve(flags.filled('log') ?? join(home, 'IAMRolesAnywhereScript.log')),
    surroundings,
  )
  try {
    const profile = checkProfileName(flags.text('profile'))
    const process = sessionWords(flags)
    const source = flags.filled('pfx') ?? flags.filled('certificate')
    if (source === undefined) throw new CliFault('Give the certificate: --pfx, or --certificate.')
    const folder = resolve(flags.filled('folder') ?? join(home, 'UserCertificate'))
    // Made before anything is changed: not every path can stand in it.
    const words = ['credential-process', '--certificate', join(folder, pemName), ...process]
    const command = quoteWords([...lastingProgram(surroundings), ...words], platform)
    const region = flags.filled('region')
    if (region !== undefined) checkRegion(region)
    log.say(`Reading ${resolve(source)}`)
    const { certificate, pem } = await read(source, flags, surroundings)
    checkNotExpired(certificate, surroundings)

    await preparePrivateFolder(folder, surroundings, runTool)
    log.say(`Only you can enter ${folder}`)
    for (const name of removeEarlierCopies(folder)) log.say(`Removed the earlier ${name}`)
    const path = await writePem(folder, pem, surroundings, runTool)
    log.say(`Wrote certificate and key to ${path}, which only you can read`)

    const config = awsFile('config', surroundings)
    await changeFile(config, surroundings, (before) =>
      editSection(before, {
        section: profile === 'default' ? 'default' : `profile ${profile}`,
        set: [['credential_process', command], ...(region ? [['region', region] as const] : [])],
      }),
    )
    log.say(`Profile ${profile} of ${config} gets credentials with it`)
    if (isMasked(profile, surroundings)) {
      log.say(
        `Warning: keys of the profile ${profile} in the credentials file are used instead; remove them`,
      )
    }

    log.say(
      `The certificate ends on ${certificate.validToDate.toISOString()}; run this again before`,
    )
    warnBeforeEnd({ certificateEnds: certificate.validToDate.getTime() }, surroundings)
    const isByHand = flags.filled('pfx-password-file') === standardInput
    const again = isByHand ? undefined : repeated(flags, surroundings)
    const notAfter = certificate.validToDate.toISOString()
    if (flags.isOn('json')) {
      printJson({ profile, config, certificate: path, notAfter, again }, surroundings)
    } else {
      surroundings.stdout(again ? scheduleLines(again, platform) : unrepeatable)
    }
    if (!flags.isOn('no-check')) {
      const caller = await withProgress('Asking AWS who you are', surroundings, (inner) =>
        callerThrough(profile, command, inner, runTool),
      )
      log.say(caller)
    }
    return 0
  } catch (error) {
    log.note(`Failed: ${describe(error)}`)
    throw error
  }
}

const unrepeatable =
  'The password came by standard input, so a scheduler has to run what called this, not this alone.\n'

/** The flags of credential-process that say what is asked for. InvalidRequest when AWS would not know them. */
function sessionWords(flags: Flags): readonly string[] {
  const [trustAnchorArn, profileArn, roleArn] = ['trust-anchor-arn', 'profile-arn', 'role-arn'].map(
    (name) => flags.text(name),
  )
  regionOf({ trustAnchorArn: trustAnchorArn ?? '', profileArn: profileArn ?? '' })
  checkRoleArn(roleArn ?? '')
  return ['trust-anchor-arn', 'profile-arn', 'role-arn', 'endpoint'].flatMap((name) => {
    const value = flags.filled(name)
    return value === undefined ? [] : [`--${name}`, value]
  })
}

// An expired one must not take the place of one that works.
function checkNotExpired(certificate: X509Certificate, { effects }: Surroundings): void {
  if (validityAt(certificate, effects.now()) !== 'expired') return
  throw new CliFault(
    `The certificate ended on ${certificate.validToDate.toISOString()}. Nothing was changed; give the renewed one.`,
  )
}

async function read(source: string, flags: Flags, surroundings: Surroundings) {
  const passwordFile = flags.filled('pfx-password-file')
  const password = passwordFile === undefined ? undefined : passwordIn(passwordFile, surroundings)
  const passphrase = new Passphrase({ password }, surroundings, '--pfx-password-file')
  const files = {
    certificate: (await readBytes(resolve(source))) ?? Buffer.alloc(0),
    privateKey: await readBytes(flags.filled('private-key')),
    intermediates: await readBytes(flags.filled('intermediates')),
  }
  return passphrase.opening(() => certificatePem(files, () => passphrase.ask()))
}

/** The words of this very call, with absolute paths, for a scheduler that runs elsewhere. */
function repeated(flags: Flags, { program }: Surroundings): readonly string[] {
  const paths = [
    'pfx',
    'pfx-password-file',
    'certificate',
    'private-key',
    'intermediates',
    'folder',
    'log',
  ]
  const texts = ['trust-anchor-arn', 'profile-arn', 'role-arn', 'region', 'endpoint', 'profile']
  const words = [...paths, ...texts].flatMap((name) => {
    const value = flags.has(name) ? flags.filled(name) : undefined
    if (value === undefined) return []
    return [`--${name}`, paths.includes(name) && value !== standardInput ? resolve(value) : value]
  })
  return [...program(), 'setup', 'roles-anywhere', ...words]
}
