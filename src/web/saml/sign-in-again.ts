import { SignInTooOld } from '../../errors.ts'
import { seeOther } from '../answers.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import type { Fields } from '../forms/fields.ts'
import type { ReturnPlaces } from '../return-places.ts'

/** Where a role session that a sign-in came before is issued after it. */
export const resumePath = '/role-sessions/resume'

/**
 * Sends somebody through the identity provider once more, which usually asks nothing, and keeps what was asked for. False
 * when the error is about something else, or nothing could be kept.
 */
export async function signInAgain(
  exchange: SignedInExchange,
  error: unknown,
  asked: Fields,
  places: ReturnPlaces,
): Promise<boolean> {
  if (!(error instanceof SignInTooOld)) return false
  const form = Object.fromEntries(Object.entries(asked).filter(([name]) => name !== '_csrf'))
  const number = await places.keep(exchange, { path: resumePath, form })
  if (number === undefined) return false
  const method = encodeURIComponent(error.method)
  seeOther(exchange.response, `/sign-in/${method}?again=yes&continue=${number}`)
  return true
}

/**
 * What waits for the end of a sign-in, for once: a form that passed every check before it, of this very browser, or the
 * only role of whoever has just arrived.
 */
export async function resumed(
  exchange: Exchange,
  places: ReturnPlaces,
): Promise<Fields | undefined> {
  const { continue: number, arrival } = exchange.query
  const place =
    number !== undefined
      ? await places.take(exchange, number)
      : arrival !== undefined
        ? await places.takeArrival(exchange, arrival)
        : undefined
  return place?.path === resumePath ? place.form : undefined
}
