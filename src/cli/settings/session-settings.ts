import { delimiter, resolve } from 'node:path'
import type { EndpointOptions } from '../../rolesanywhere/endpoint.ts'
import type { SessionRequest } from '../../rolesanywhere/create-session.ts'
import { readSharedConfig } from '../aws-files/shared-config.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { filled } from './filled.ts'

/** How to get to the endpoint, and whom to believe there. */
export interface Route {
  /** Certificates trusted instead of the usual ones; a file of PEM. */
  readonly caBundle: string | undefined
  /** Folders of such files, likewise. */
  readonly caFolders?: readonly string[] | undefined
  readonly verify: boolean
}

/** Whether the user said whom to believe. */
export function namesAuthorities({ caBundle, caFolders }: Route): boolean {
  return caBundle !== undefined || caFolders !== undefined
}

/** All that a session is asked for, from flags, environment and `~/.aws/config`. */
export interface SessionSettings {
  readonly request: SessionRequest
  readonly endpoint: Partial<EndpointOptions>
  readonly route: Route
  readonly maxAttempts: number | undefined
}

/** Reads the settings; the order of precedence is that of AWS's own helper. Nothing is checked yet. */
export function sessionSettings(flags: Flags, surroundings: Surroundings): SessionSettings {
  const { env } = surroundings
  const config = readSharedConfig(surroundings)
  const ignored = env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true'
  const configured = (text: string | undefined): string | undefined =>
    ignored ? undefined : filled(text)
  const forAws = filled(env['AWS_CA_BUNDLE']) ?? config.caBundle
  const caBundle = forAws ?? filled(env['SSL_CERT_FILE'])
  const folders = forAws === undefined ? filled(env['SSL_CERT_DIR']) : undefined
  const attempts = Number(filled(env['AWS_MAX_ATTEMPTS']) ?? config.maxAttempts ?? Number.NaN)
  return {
    request: {
      trustAnchorArn: flags.text('trust-anchor-arn'),
      profileArn: flags.text('profile-arn'),
      roleArn: flags.text('role-arn'),
      durationSeconds: flags.integer('session-duration'),
      roleSessionName: flags.filled('role-session-name'),
    },
    endpoint: {
      region: flags.text('region'),
      endpoint:
        configured(env['AWS_ENDPOINT_URL_ROLESANYWHERE']) ??
        flags.filled('endpoint') ??
        configured(env['AWS_ENDPOINT_URL']) ??
        configured(config.endpoint),
      fips: switched(env['AWS_USE_FIPS_ENDPOINT']) ?? config.useFips,
      dualStack: switched(env['AWS_USE_DUALSTACK_ENDPOINT']) ?? config.useDualStack,
    },
    route: {
      caBundle: caBundle === undefined ? undefined : resolve(caBundle),
      caFolders: folders?.split(delimiter).map((folder) => resolve(folder)),
      verify: !flags.isOn('no-verify-ssl'),
    },
    maxAttempts:
      Number.isInteger(attempts) && attempts >= 1 && attempts <= 10 ? attempts : undefined,
  }
}

function switched(text: string | undefined): boolean | undefined {
  return text === undefined || text === '' ? undefined : text.toLowerCase() === 'true'
}
