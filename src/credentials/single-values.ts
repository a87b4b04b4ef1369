import type { CredentialFormat } from './format.ts'
import { environmentOf } from './environment.ts'
import { expirationText } from './expiration.ts'

/** The values one by one, for forms that ask for each. */
export const singleValues: CredentialFormat = {
  id: 'values',
  label: 'Single values',
  hint: undefined,
  render: (credentials, options) => {
    environmentOf(credentials, options)
    return [
      `Access key ID: ${credentials.accessKeyId}`,
      `Secret access key: ${credentials.secretAccessKey}`,
      `Session token: ${credentials.sessionToken}`,
      `Expiration: ${expirationText(credentials.expiration)}`,
      ...(options.region === undefined ? [] : [`Region: ${options.region}`]),
    ]
      .map((line) => `${line}\n`)
      .join('')
  },
}
