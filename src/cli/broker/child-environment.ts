import { environmentOf } from '../../credentials/environment.ts'
import type { HeldSession } from '../held-session.ts'
import type { Surroundings } from '../surroundings.ts'
import { credentialsOf } from './credentials-of.ts'

/** What says by other means who one is to AWS, or where to ask (AWS SDKs and Tools Reference Guide, "Environment variables list"). */
const others = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_FILE',
  'AWS_ACCOUNT_ID',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
]

/** The environment of a command that has these credentials and no others. A region that the user has set stays where the role names none. */
export function childEnvironment(
  session: HeldSession,
  { env, platform }: Pick<Surroundings, 'env' | 'platform'>,
): Record<string, string> {
  const { credentials, options } = credentialsOf(session)
  const own = environmentOf(credentials, options)
  // Names differ in case on Windows.
  const nameOf = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name)
  const gone = new Set([...others, ...own.map(([name]) => name)])
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || gone.has(nameOf(name)) ? [] : [[name, value] as const],
  )
  return Object.fromEntries([...kept, ...own])
}
