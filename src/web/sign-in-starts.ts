import { NotFound } from '../errors.ts'
import { seeOther } from './answers.ts'
import type { WebDependencies } from './dependencies.ts'
import { type Exchange, parameter } from './exchange.ts'
import { isTopLevelNavigation } from './top-level-navigation.ts'
import { identityOf } from './visitor.ts'

/** How each sign-in method that is no form begins, by its ID. */
export type SignInStarts = ReadonlyMap<string, (exchange: Exchange) => Promise<void>>

/**
 * GET `/sign-in/{method}`, for whoever followed a link to it. The handler throws NotFound for an unknown method, and sends
 * everybody else to the page where one chooses.
 */
export function signInStart(
  starts: SignInStarts,
  { forms }: Pick<WebDependencies, 'forms'>,
): (exchange: Exchange) => Promise<void> {
  return async (exchange) => {
    const { request, query } = exchange
    const id = parameter(exchange, 'method')
    const isForm = forms.some((form) => form.id === id)
    // A prefetch, an image or a HEAD would start something that nobody goes on with.
    const isLink =
      request.method === 'GET' &&
      (request.headers['sec-fetch-mode'] === undefined || isTopLevelNavigation(request))
    const again = query['again'] !== undefined
    if (isForm || !isLink || (identityOf(request) && !again)) {
      toSignInPage(exchange)
      return
    }
    const start = starts.get(id)
    if (!start) throw new NotFound('There is no such way to sign in.')
    await start(exchange)
  }
}

/** Sends somebody to choose how to sign in, and on to the same place afterwards. */
export function toSignInPage({ response, query }: Exchange): void {
  const number = query['continue']
  const to = number === undefined ? '' : `?continue=${encodeURIComponent(number)}`
  seeOther(response, `/sign-in${to}`)
}
