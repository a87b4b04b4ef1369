import type { Request } from 'express'
import { CrossSiteRequest, NotFound } from '../../errors.ts'
import { seeOther } from '../answers.ts'
import { isPartOfPage } from '../top-level-navigation.ts'
import { type Exchange, parameter } from '../exchange.ts'
import { carryMessage } from './carry-message.ts'
import { journeyNonce } from './journey.ts'
import { messageReader } from './read-message.ts'
import { type LogoutPages, samlLogoutPages } from './saml-logout.ts'
import type { SamlDoor, SamlPageParts } from './saml-page-parts.ts'
import { type Refuse, samlRefusals } from './saml-refusals.ts'
import { straightThrough } from './straight-through.ts'
import { identityOf } from '../visitor.ts'

export interface SamlPages extends LogoutPages {
  /** GET `/sign-in/{method}`: on to the identity provider. */
  readonly start: (exchange: Exchange) => Promise<void>
  /** POST `/saml/{method}/acs`: back from there. */
  readonly acceptResponse: (exchange: Exchange) => Promise<void>
  readonly showMetadata: (exchange: Exchange) => void
  /** GET `/saml/aws/metadata`: what IAM is given where Postern is the identity provider. */
  readonly showOwnMetadata: (exchange: Exchange) => Promise<void>
}

/**
 * The place of whoever is signed in already and goes through the provider once more without one: any page can send a
 * browser there, so it must not end in a role session that nobody clicked for.
 */
const nowhere = 'none'

export function createSamlPages(parts: SamlPageParts): SamlPages {
  const { dependencies, jar, limits, doorkeeper, record, places, showPage, kept, isOwnPage } = parts
  const { effects, saml } = dependencies
  const doors = new Map(
    saml.map((method): [string, SamlDoor] => [
      method.id,
      { method, readMessage: messageReader(method.maxBytes) },
    ]),
  )
  const refuse: Refuse = samlRefusals(dependencies, limits, record)

  function doorFor(exchange: Exchange): SamlDoor {
    const door = doors.get(parameter(exchange, 'method'))
    if (!door) throw new NotFound('There is no such way to sign in.')
    return door
  }

  return {
    ...samlLogoutPages({ ...parts, doorFor, refuse }),

    async start(exchange) {
      const { query, context, request } = exchange
      const { method } = doorFor(exchange)
      await limits.admitStart(context.address)
      const number = query['continue']
      const place = number === undefined ? undefined : await places.recall(exchange, number)
      const message = await method.serviceProvider.startSignIn({
        browserNonce: journeyNonce(exchange, jar, effects, method),
        carry: place && number !== undefined ? number : identityOf(request) ? nowhere : '',
      })
      const words = {
        heading: `On to ${method.label}`,
        text: 'Your company’s sign-in opens by itself. If it does not, go on with the button.',
        label: 'Go on',
      }
      carryMessage(exchange, message, words, showPage)
    },

    async acceptResponse(exchange) {
      const { request, response, context } = exchange
      const { method, readMessage } = doorFor(exchange)
      refusePartOfPage(request)
      const entrant = await refuse(exchange, method, 'sign-in', async () => {
        await limits.admitAddress(context.address)
        await readMessage(request, response)
        return doorkeeper.authenticate(method.id, exchange)
      })
      await record.signedIn(exchange, entrant.identity)
      await doorkeeper.begin(request, entrant)
      const key = effects.randomBytes(32).toString('base64url')
      jar.key.set(response, key)
      const { destination, assertion } = entrant
      if (assertion) await kept.keep(key, assertion)
      const isOurs = destination?.startsWith('/sign-in?') === true || isOwnPage(destination ?? '')
      const wanted = destination !== undefined && isOurs ? destination : undefined
      seeOther(response, wanted ?? (await straightThrough(exchange, key, entrant, parts)) ?? '/')
    },

    showMetadata(exchange) {
      const { method } = doorFor(exchange)
      sendMetadata(exchange, method.serviceProvider.metadata())
    },

    async showOwnMetadata(exchange) {
      const { identityProvider } = dependencies
      if (!identityProvider) throw new NotFound('Postern is no identity provider of AWS here.')
      sendMetadata(exchange, await identityProvider.metadata())
    },
  }
}

/** A frame or a script on anybody's page would send what is refused, and each refusal would count against the visitor's office. */
function refusePartOfPage(request: Request): void {
  if (isPartOfPage(request)) {
    throw new CrossSiteRequest('A sign-in comes back to a page of its own. Start from Postern.')
  }
}

function sendMetadata({ response }: Exchange, xml: string): void {
  response
    .setHeader('Content-Type', 'application/samlmetadata+xml')
    .setHeader('Content-Disposition', 'inline; filename="metadata.xml"')
    .end(xml)
}
