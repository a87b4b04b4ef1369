import { SignInTooOld } from '../../errors.ts'
import { seeOther } from '../answers.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import type { Fields } from '../forms/fields.ts'
import type { ReturnPlaces } from '../return-places.ts'

/** Where a role session that a new sign-in interrupted is issued after it. */
const resumePath = '/role-sessions/resume'

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

/** What was asked for before the sign-in, for once: a form that passed every check then, of this very browser. */
export async function resumed(
  exchange: Exchange,
  places: ReturnPlaces,
): Promise<Fields | undefined> {
  const number = exchange.query['continue']
  const place = number === undefined ? undefined : await places.take(exchange, number)
  return place?.path === resumePath ? place.form : undefined
}
