import { SignInFailed } from '../../src/errors.ts'
import type { ApiWay } from '../../src/web/api/api-way.ts'
import { identityOf } from './broker-fakes.ts'

/** A way whose proof is a header with somebody's name. */
export function wordWay(header: string, challenge: string | undefined): ApiWay {
  return {
    challenge,
    claims: ({ request }) => request.headers[header] !== undefined,
    authenticate({ request }) {
      const name = request.headersDistinct[header]?.[0] ?? ''
      if (name === 'nobody') return Promise.reject(new SignInFailed('That proves nothing.'))
      return Promise.resolve({ identity: identityOf(name), by: 'ticket', asker: undefined })
    },
  }
}
