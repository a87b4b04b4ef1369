import type { CredentialFormat } from './format.ts'
import { environmentOf, outsideAwsAlphabet } from './environment.ts'
import { expirationText } from './expiration.ts'
import { checkProfileName } from './profile-name.ts'

/**
 * A profile for `~/.aws/credentials`, whose sections bear the bare name. The format knows no quoting and no comment
 * behind a value, so values with characters that AWS never uses are refused.
 */
export const credentialsFile: CredentialFormat = {
  id: 'profile',
  label: 'Profile',
  hint: 'For ~/.aws/credentials. A profile of the same name there must go first.',
  render: (credentials, options) =>
    [
      `[${checkProfileName(options.profileName ?? 'default')}]`,
      `# good until ${expirationText(credentials.expiration)}`,
      ...environmentOf(credentials, options).flatMap(([name, value]) => {
        const key = keys.get(name)
        return key === undefined ? [] : [`${key} = ${value}`]
      }),
    ]
      .map((line) => `${line}\n`)
      .join(''),
  refusal: (credentials, options) => {
    const odd = outsideAwsAlphabet(environmentOf(credentials, { region: options.region }))
    return odd && `# ${odd} holds a character that a credentials file can't carry.\n`
  },
}

const keys = new Map([
  ['AWS_ACCESS_KEY_ID', 'aws_access_key_id'],
  ['AWS_SECRET_ACCESS_KEY', 'aws_secret_access_key'],
  ['AWS_SESSION_TOKEN', 'aws_session_token'],
  ['AWS_REGION', 'region'],
])
