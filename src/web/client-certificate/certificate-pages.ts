import { NotFound } from '../../errors.ts'
import type { CertificateMethod } from '../../identity/client-certificate/certificate-method.ts'
import { createReturnCodes } from '../../identity/client-certificate/return-code.ts'
import type { SignInLimits } from '../../identity/sign-in-limits.ts'
import { seeOther } from '../answers.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import { type Exchange, parameter } from '../exchange.ts'
import { isOwnNavigation } from '../own-navigation.ts'
import type { Doorkeeper } from '../passport.ts'
import type { ReturnPlaces } from '../return-places.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import { toSignInPage } from '../sign-in-starts.ts'
import { certificateRefusals } from './prove-certificate.ts'

export interface CertificatePageParts {
  readonly dependencies: WebDependencies
  readonly jar: CookieJar
  readonly limits: SignInLimits
  readonly doorkeeper: Doorkeeper
  readonly record: SignInRecord
  readonly places: ReturnPlaces
}

export interface CertificatePages {
  /** GET `/sign-in/{method}`. */
  readonly start: (exchange: Exchange) => Promise<void>
  /** GET `/sign-in/{method}/return?code=`: back from the listener for certificates. */
  readonly finish: (exchange: Exchange) => Promise<void>
}

/**
 * Sign-in by certificate on the main origin. Browsers send certificates by themselves, so nobody is signed in whom another
 * site sent here: they come to the sign-in page, and click.
 */
export function createCertificatePages(parts: CertificatePageParts): CertificatePages {
  const { dependencies, jar, limits, doorkeeper, record, places } = parts
  const { certificates, effects, settings, signInStates } = dependencies
  const take = certificateRefusals(dependencies, record, limits)

  function methodFor(exchange: Exchange): CertificateMethod {
    const method = certificates.find(({ id }) => id === parameter(exchange, 'method'))
    if (!method) throw new NotFound('There is no such way to sign in.')
    return method
  }

  async function letIn(
    exchange: Exchange,
    method: CertificateMethod,
    number?: string,
  ): Promise<void> {
    const { request, response } = exchange
    const entrant = await take(exchange, method, () => doorkeeper.authenticate(method.id, exchange))
    const { identity, certificateSerial = '', destination } = entrant
    await record.signedIn(exchange, identity, { certificateSerial })
    const path = number === undefined ? destination : await places.leave(exchange, number)
    await doorkeeper.begin(request, entrant)
    jar.key.set(response, effects.randomBytes(32).toString('base64url'))
    seeOther(response, path ?? '/')
  }

  return {
    async start(exchange) {
      const { request, response, query, context } = exchange
      if (!isOwnNavigation(request, settings.publicUrl)) {
        toSignInPage(exchange)
        return
      }
      const method = methodFor(exchange)
      const number = query['continue']
      if (method.origin === undefined) {
        await letIn(exchange, method, number)
        return
      }
      await limits.admitStart(context.address)
      const place = number === undefined ? undefined : await places.recall(exchange, number)
      const carry = place && number !== undefined ? number : ''
      const codes = createReturnCodes(signInStates, method.id, effects)
      const started = await codes.begin(places.visitorKey(exchange), carry)
      seeOther(response, `${method.origin}/sign-in/${method.id}?started=${started}`)
    },

    async finish(exchange) {
      const method = methodFor(exchange)
      // A prefetch or a HEAD would use the code up.
      if (method.origin === undefined || exchange.request.method !== 'GET') toSignInPage(exchange)
      else await letIn(exchange, method)
    },
  }
}
