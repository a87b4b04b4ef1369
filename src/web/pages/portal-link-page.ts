import { BrokerError } from '../../errors.ts'
import type { ReturnPlace } from '../../identity/sign-in-state.ts'
import { seeOther } from '../answers.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import { findOffer, meantRole } from '../find-offer.ts'
import { readPortalLink } from '../forms/form-fields.ts'
import type { ShowPage } from '../page-renderer.ts'
import { carryMessage } from '../saml/carry-message.ts'
import type { ReturnPlaces } from '../return-places.ts'
import { signInAgain } from '../saml/sign-in-again.ts'
import type { RoleSessionVault } from '../role-sessions/role-session-vault.ts'
import { noteStanding, standingOfOffer } from '../standing.ts'
import { isTopLevelNavigation } from '../top-level-navigation.ts'
import { roleSessionHref } from './account-text.ts'
import { portalLinkModel } from './portal-link-model.ts'

export interface PortalLinkPages {
  readonly open: (exchange: SignedInExchange) => Promise<void>
  readonly confirm: (exchange: SignedInExchange) => Promise<void>
  readonly placeOf: (exchange: Exchange) => ReturnPlace
  readonly showStale: (exchange: Exchange) => void
}

export interface PortalLinkPageParts {
  readonly dependencies: Pick<WebDependencies, 'broker' | 'effects'>
  readonly vault: RoleSessionVault
  readonly places: ReturnPlaces
  readonly showPage: ShowPage
}

/** The portal link: from a tile or a runbook to the console, in one click or none. */
export function createPortalLinkPages(parts: PortalLinkPageParts): PortalLinkPages {
  const { vault, places, showPage } = parts
  const { broker, effects } = parts.dependencies

  async function openConsole(
    exchange: SignedInExchange,
    role: string,
    destination: string | undefined,
  ): Promise<void> {
    const { identity, context, response } = exchange
    const order = {
      role,
      duration: undefined,
      console: true,
      consoleDuration: undefined,
      destination,
      region: undefined,
    }
    const form = await broker.consoleForm(identity, order, context)
    if (form) {
      const words = {
        heading: 'On to the AWS console',
        text: `Your browser signs in to AWS as ${form.role.arn.name} in ${form.role.account.name}.`,
        label: 'Open console',
      }
      carryMessage(
        exchange,
        { binding: 'post', url: form.url, fields: form.fields },
        words,
        showPage,
      )
      return
    }
    let session
    try {
      session = await broker.issue(identity, order, context)
    } catch (error) {
      const asked = { role, console: 'true', ...(destination !== undefined && { destination }) }
      if (await signInAgain(exchange, error, asked, places)) return
      throw error
    }
    await vault.keep(exchange, session)
    const { console } = session
    const opened = console !== undefined && !(console instanceof BrokerError)
    seeOther(response, opened ? console.url : roleSessionHref(session.id))
  }

  return {
    async open(exchange) {
      const link = readPortalLink(exchange.query)
      const offer = await findOffer(broker, exchange.identity, link, exchange.context)
      noteStanding(exchange.request, standingOfOffer(offer))
      const { role } = offer.entitlement
      const destination = broker.checkDestination(role, link.destination)
      const own = destination === broker.checkDestination(role, undefined)
      // Any page can send a signed-in browser here, so only what the role's owner chose happens without a click.
      if (
        role.portalLink === 'direct' &&
        own &&
        !link.ask &&
        isTopLevelNavigation(exchange.request)
      ) {
        await openConsole(exchange, role.arn.arn, undefined)
        return
      }
      const page = portalLinkModel(offer, { destination, own }, effects.now())
      showPage(exchange, 'portal-link', page, { title: `${page.account.name}, ${page.role.name}` })
    },

    async confirm(exchange) {
      const link = readPortalLink(exchange.form)
      // A role that was not granted goes to the broker too, which refuses it and says so in the trail.
      const role = await meantRole(broker, exchange.identity, link)
      await openConsole(exchange, role, link.destination)
    },

    placeOf,

    showStale(exchange) {
      seeOther(exchange.response, placeOf(exchange).path)
    },
  }
}

/**
 * The link to come back to. Whether it may issue at once is decided by this first request: what is no navigation of a
 * whole tab now (a POST, a frame, a prefetch) asks afterwards too, though the return from the sign-in will be one.
 */
function placeOf({ request, query, form }: Exchange): ReturnPlace {
  const { account, role, destination, ask } = readPortalLink(
    request.method === 'POST' ? form : query,
  )
  const asks = ask || !isTopLevelNavigation(request)
  const fields = new URLSearchParams({
    account,
    role,
    ...(destination !== undefined && { destination }),
    ...(asks && { ask: 'yes' }),
  })
  return { path: `/console?${fields.toString()}`, form: undefined }
}
