import type { SamlMethod } from '../../identity/saml/saml-method.ts'
import type { SamlSession } from '../../identity/saml/saml-session.ts'
import { seeOther } from '../answers.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'
import type { ShowPage } from '../page-renderer.ts'
import { carryMessage } from './carry-message.ts'
import { journeyNonce } from './journey.ts'

export interface LeaveParts {
  readonly dependencies: Pick<WebDependencies, 'effects' | 'logger'>
  readonly jar: CookieJar
  readonly showPage: ShowPage
}

/**
 * Goes on to the identity provider after the session here has ended, to end the one there. Where that can't be done the
 * visitor is told so: somebody who leaves a shared computer must know.
 */
export async function leaveProvider(
  exchange: Exchange,
  method: SamlMethod,
  session: SamlSession,
  { dependencies, jar, showPage }: LeaveParts,
): Promise<void> {
  const { effects, logger } = dependencies
  const browserNonce = journeyNonce(exchange, jar, effects, method)
  const order = { session, browserNonce, carry: '' }
  const message = method.signsOutThere
    ? await method.serviceProvider.startLogout(order).catch((error: unknown) => {
        logger.error({ err: error, ...exchange.context }, 'a SAML sign-out could not be started')
        return undefined
      })
    : undefined
  if (!message) {
    seeOther(exchange.response, `/sign-in?signed-out=here&method=${method.id}`)
    return
  }
  const words = {
    heading: 'You are signed out of Postern',
    text: `Next, ${method.label} signs you out too. If nothing happens, go on with the button.`,
    label: 'Go on',
  }
  carryMessage(exchange, message, words, showPage)
}
