import type { CredentialFormat } from './format.ts'
import { environmentOf } from './environment.ts'
import { expirationText } from './expiration.ts'

/** What a `credential_process` prints (AWS SDKs and Tools Reference Guide, "Process credential provider"). */
export const credentialProcess: CredentialFormat = {
  id: 'credential-process',
  label: 'credential_process',
  hint: 'What a credential_process program prints.',
  render: (credentials, options) => {
    environmentOf(credentials, options)
    const answer = {
      Version: 1,
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: expirationText(credentials.expiration),
    }
    return `${JSON.stringify(answer, undefined, 2)}\n`
  },
}
