import { readBrowserSession } from '../../identity/browser-session.ts'
import type { LogoutOutcome } from '../../identity/saml/accept-logout.ts'
import type { IncomingMessage } from '../../identity/saml/read-logout-message.ts'
import type { SamlMethod } from '../../identity/saml/saml-method.ts'
import { isSameSession, logoutKeyOf } from '../../identity/saml/saml-session.ts'
import { seeOther } from '../answers.ts'
import { type Exchange, rawQuery } from '../exchange.ts'
import { identityOf, samlSessionOf } from '../visitor.ts'
import { carryMessage } from './carry-message.ts'
import type { SamlDoor, SamlPageParts } from './saml-page-parts.ts'
import type { Refuse } from './saml-refusals.ts'

/** GET and POST `/saml/{method}/logout`: an identity provider ends sessions here, or answers that it ended one of its own. */
export interface LogoutPages {
  readonly acceptRedirectedLogout: (exchange: Exchange) => Promise<void>
  readonly acceptPostedLogout: (exchange: Exchange) => Promise<void>
}

interface LogoutParts extends SamlPageParts {
  readonly doorFor: (exchange: Exchange) => SamlDoor
  readonly refuse: Refuse
}

type LogoutRequest = Extract<LogoutOutcome, { kind: 'request' }>

export function samlLogoutPages(parts: LogoutParts): LogoutPages {
  const { dependencies, jar, limits, record, showPage, doorFor, refuse } = parts
  const { browserSessions, effects } = dependencies

  async function accept(
    exchange: Exchange,
    method: SamlMethod,
    read: () => Promise<IncomingMessage>,
  ): Promise<void> {
    const outcome = await refuse(exchange, method, 'sign-out', async () => {
      await limits.admitAddress(exchange.context.address, 'sign-out')
      const nonce = jar.journey.read(exchange.request)
      return method.serviceProvider.acceptLogout(await read(), nonce)
    })
    if (outcome.kind === 'response') {
      const where = outcome.success ? 'both' : 'here'
      seeOther(exchange.response, `/sign-in?signed-out=${where}&method=${method.id}`)
      return
    }
    await endSessions(exchange, method, outcome)
    const reply = outcome.reply(true)
    if (reply) {
      const words = {
        heading: 'You are signed out of Postern',
        text: `Signing out goes on at ${method.label}.`,
        label: 'Go on',
      }
      carryMessage(exchange, reply, words, showPage)
    } else seeOther(exchange.response, '/sign-in?signed-out=yes')
  }

  /**
   * Ends every session here that came from that session there, whichever browsers hold them: the message may come in a
   * frame or by POST, and neither brings our session cookie.
   */
  async function endSessions(
    exchange: Exchange,
    method: SamlMethod,
    { nameId, sessionIndexes }: LogoutRequest,
  ): Promise<void> {
    const { request, response } = exchange
    const now = effects.now().getTime()
    const found = await browserSessions.findByLogoutKey(logoutKeyOf(method.id, nameId), now)
    for (const { idHash, data } of found) {
      const content = readBrowserSession(data)
      if (!content?.saml || !isSameSession(content.saml, nameId, sessionIndexes)) continue
      await browserSessions.delete(idHash)
      await record.signedOut(exchange, content.identity)
    }
    const own = samlSessionOf(request)
    const isOwn = identityOf(request)?.method === method.id && own !== undefined
    if (isOwn && isSameSession(own, nameId, sessionIndexes)) {
      response.clearCookie(jar.sessionName, jar.attributes)
      jar.key.drop(response)
    }
  }

  return {
    async acceptRedirectedLogout(exchange) {
      const { method } = doorFor(exchange)
      const query = rawQuery(exchange.request)
      await accept(exchange, method, () =>
        Promise.resolve({ binding: 'redirect', rawQuery: query }),
      )
    },
    async acceptPostedLogout(exchange) {
      const { method, readMessage } = doorFor(exchange)
      await accept(exchange, method, async () => {
        const { SAMLRequest, SAMLResponse, RelayState } = await readMessage(
          exchange.request,
          exchange.response,
        )
        return { binding: 'post', SAMLRequest, SAMLResponse, RelayState }
      })
    },
  }
}
