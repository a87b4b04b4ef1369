import type { Reply } from '../http/reply.ts'
import { federationError } from './error-page.ts'
import type { FederationCall } from './federation-call.ts'
import { FederationRefusal } from './federation-refusal.ts'
import { getSigninToken } from './get-signin-token.ts'
import { login } from './login.ts'

/** Answers GET and POST; names of parameters are case-sensitive and unknown ones are ignored. */
export function answerFederation(call: FederationCall): Reply {
  const { form, method } = call.request
  try {
    if (!['GET', 'POST'].includes(method)) throw new FederationRefusal('method')
    // AWS does not document what it makes of a parameter that stands twice.
    if (form.malformed || form.duplicate !== undefined) throw new FederationRefusal('parameters')
    const action = form.values.get('Action')
    if (action === 'getSigninToken') return getSigninToken(call)
    if (action === 'login') return login(call)
    throw new FederationRefusal('action')
  } catch (error) {
    if (error instanceof FederationRefusal)
      return federationError(call.switches.federationErrorPage)
    throw error
  }
}
