import { BrokerError, TooManyRequests } from '../../errors.ts'
import type { KerberosMethod } from '../../identity/kerberos/kerberos-method.ts'
import { KerberosRefusal } from '../../identity/kerberos/kerberos-refusal.ts'
import type { SignInLimits } from '../../identity/sign-in-limits.ts'
import { seeOther } from '../answers.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'
import { isOwnNavigation } from '../own-navigation.ts'
import type { SignInPages } from '../pages/sign-in-page.ts'
import type { Doorkeeper } from '../passport.ts'
import type { ReturnPlaces } from '../return-places.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import { type SignInStarts, toSignInPage } from '../sign-in-starts.ts'
import { negotiationOf } from './negotiation.ts'
import { ticketRefusals } from './ticket-refusals.ts'

export interface KerberosStartParts {
  readonly dependencies: WebDependencies
  readonly jar: CookieJar
  readonly doorkeeper: Doorkeeper
  readonly record: SignInRecord
  readonly places: ReturnPlaces
  readonly limits: SignInLimits
  readonly signInPages: Pick<SignInPages, 'showOthers'>
}

/** The start of sign-in by tickets, by the method's ID; none where there is no such method. */
export function kerberosStarts(parts: KerberosStartParts): SignInStarts {
  const { kerberos } = parts.dependencies
  return new Map(kerberos ? [[kerberos.id, kerberosStart(kerberos, parts)]] : [])
}

/**
 * GET `/sign-in/{method}`: asks for a ticket (RFC 4559 §4) and begins a browser session with it. Whoever has none reads
 * the other ways in the very same answer. Browsers send tickets by themselves, so nobody is signed in whom another site
 * sent here: they come to the sign-in page, and click.
 */
function kerberosStart(
  method: KerberosMethod,
  { dependencies, jar, doorkeeper, record, places, limits, signInPages }: KerberosStartParts,
): (exchange: Exchange) => Promise<void> {
  const { effects, logger, metrics, settings } = dependencies
  const { showOthers } = signInPages
  const take = ticketRefusals(method, metrics, limits, record)

  async function refuse(exchange: Exchange, error: unknown): Promise<void> {
    if (!(error instanceof BrokerError)) throw error
    const { response, context } = exchange
    if (error.status >= 500) {
      logger.error({ err: error, detail: error.detail, ...context }, 'no ticket can be taken')
    }
    if (error instanceof TooManyRequests) {
      response.setHeader('Retry-After', String(error.retryAfterSeconds))
    }
    await showOthers(exchange, method.id, error)
  }

  return async (exchange) => {
    const { request, response, query } = exchange
    if (!isOwnNavigation(request, settings.publicUrl)) {
      toSignInPage(exchange)
      return
    }
    if (negotiationOf(request) === undefined) {
      response.setHeader('WWW-Authenticate', 'Negotiate')
      await showOthers(exchange, method.id, new KerberosRefusal('kerberos_scheme'), 'calm')
      return
    }
    let entrant
    try {
      entrant = await take(exchange, () => doorkeeper.authenticate(method.id, exchange))
    } catch (error) {
      // Asked for a second time, browsers on Windows would open a window for a password.
      await refuse(exchange, error)
      return
    }
    await record.signedIn(exchange, entrant.identity)
    const number = query['continue']
    const path = number === undefined ? undefined : await places.leave(exchange, number)
    await doorkeeper.begin(request, entrant)
    jar.key.set(response, effects.randomBytes(32).toString('base64url'))
    const { mutualToken } = entrant
    if (mutualToken !== undefined) {
      response.setHeader('WWW-Authenticate', `Negotiate ${mutualToken}`)
    }
    seeOther(response, path ?? '/')
  }
}
