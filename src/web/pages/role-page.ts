import { parseRoleArn } from '../../entitlements/arn.ts'
import { personKey } from '../../identity/identity.ts'
import type { ReturnPlace } from '../../identity/sign-in-state.ts'
import { seeOther } from '../answers.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange, SignedInExchange } from '../exchange.ts'
import { findOffer } from '../find-offer.ts'
import type { Fields } from '../forms/fields.ts'
import { secondsIn } from '../forms/form-fields.ts'
import type { ShowPage } from '../page-renderer.ts'
import { type ReturnPlaces, withContinuation } from '../return-places.ts'
import { chooseHref } from './account-text.ts'
import { noRolesModel } from './no-roles-model.ts'
import { type RoleChoices, roleModel } from './role-model.ts'
import { rolesModel } from './roles-model.ts'

export interface RolePages {
  readonly showAll: (exchange: SignedInExchange) => Promise<void>
  readonly showOne: (exchange: SignedInExchange) => Promise<void>
  /** The page of the role that a form asks for, with the form kept to be shown filled in. */
  readonly placeOf: (exchange: Exchange) => ReturnPlace
  readonly showStale: (exchange: Exchange) => Promise<void>
}

export interface RolePageParts {
  readonly dependencies: Pick<WebDependencies, 'broker' | 'roleSessions' | 'effects'>
  readonly places: ReturnPlaces
  readonly showPage: ShowPage
}

const recents = 50
const notSent =
  'Nothing was sent: your sign-in had ended, or the page was open for too long. Check what is filled in, and send it again.'

export function createRolePages({ dependencies, places, showPage }: RolePageParts): RolePages {
  const { broker, roleSessions, effects } = dependencies

  return {
    async showAll(exchange) {
      const { identity, query } = exchange
      const [offers, latest] = await Promise.all([
        broker.offers(identity),
        roleSessions.recent(personKey(identity.person), recents),
      ])
      if (offers.length === 0) {
        showPage(exchange, 'no-roles', noRolesModel(identity), { title: 'No roles' })
        return
      }
      const asked = query['role'] ?? ''
      const selection = {
        account: query['account'] ?? '',
        role: parseRoleArn(asked)?.name ?? asked,
      }
      const page = rolesModel(offers, latest, effects.now(), selection)
      showPage(exchange, 'roles', page, { title: 'Roles' })
    },

    async showOne(exchange) {
      const { identity, query } = exchange
      const { account = '', role = '', continue: number } = query
      const offer = await findOffer(broker, identity, { account, role }, exchange.context)
      const kept = number === undefined ? undefined : await places.recall(exchange, number)
      const errors = kept?.form ? [notSent] : []
      const page = roleModel(offer, effects.now(), choicesIn(kept?.form ?? {}), errors)
      showPage(exchange, 'role', page, { title: `${page.account.name}, ${page.role.name}` })
    },

    placeOf,

    async showStale(exchange) {
      const place = placeOf(exchange)
      const number = await places.keep(exchange, place)
      const { path } = place
      seeOther(exchange.response, number === undefined ? path : withContinuation(path, number))
    },
  }
}

/** What a form chose, to be shown again as it was. */
export function choicesIn(form: Fields): RoleChoices {
  const { duration, consoleDuration, region, destination } = form
  return {
    duration: secondsIn(duration),
    consoleDuration: secondsIn(consoleDuration),
    region,
    destination,
  }
}

function placeOf({ form }: Exchange): ReturnPlace {
  const fields = Object.fromEntries(Object.entries(form).filter(([name]) => name !== '_csrf'))
  const role = parseRoleArn(form['role'] ?? '')
  return role
    ? { path: chooseHref(role.accountId, role.name), form: fields }
    : { path: '/', form: undefined }
}
