import type { CredentialFormat } from './format.ts'
import { environmentOf, outsideAwsAlphabet } from './environment.ts'

/**
 * For `docker run --env-file` and tools that read `.env`. The readers disagree on quotes, so there are none, and values
 * that would need them are refused.
 */
export const envFile: CredentialFormat = {
  id: 'env',
  label: '.env',
  hint: 'For docker run --env-file and tools that read .env. Keep the file out of git.',
  render: (credentials, options) =>
    environmentOf(credentials, options)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  refusal: (credentials, options) => {
    const odd = outsideAwsAlphabet(environmentOf(credentials, options))
    return odd && `# ${odd} holds a character that readers of .env disagree on.\n`
  },
}
