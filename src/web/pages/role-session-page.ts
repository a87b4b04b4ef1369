import type { RoleOffer } from '../../broker.ts'
import {
  AwsRefused,
  AwsUnavailable,
  InvalidDestination,
  InvalidDuration,
  InvalidRequest,
  NotFound,
} from '../../errors.ts'
import type { ReturnPlace } from '../../identity/sign-in-state.ts'
import { seeOther, wantsJson } from '../answers.ts'
import type { WebDependencies } from '../dependencies.ts'
import { type Exchange, parameter, type SignedInExchange } from '../exchange.ts'
import { readRoleSessionForm } from '../forms/form-fields.ts'
import type { ShowPage } from '../page-renderer.ts'
import type { ReturnPlaces } from '../return-places.ts'
import { resumed, signInAgain } from '../saml/sign-in-again.ts'
import type { RoleSessionVault } from '../role-sessions/role-session-vault.ts'
import { noteStanding, standingOfFacts, standingOfOffer } from '../standing.ts'
import { roleSessionHref } from './account-text.ts'
import { roleModel } from './role-model.ts'
import { choicesIn } from './role-page.ts'
import { roleSessionEndedModel } from './role-session-ended-model.ts'
import { roleSessionModel } from './role-session-model.ts'

export interface RoleSessionPages {
  readonly issue: (exchange: SignedInExchange) => Promise<void>
  /** What a sign-in came between. */
  readonly resume: (exchange: SignedInExchange) => Promise<void>
  readonly show: (exchange: SignedInExchange) => Promise<void>
  readonly renewConsoleUrl: (exchange: SignedInExchange) => Promise<void>
  readonly placeOf: (exchange: Exchange) => ReturnPlace
}

export interface RoleSessionPageParts {
  readonly dependencies: Pick<WebDependencies, 'broker' | 'effects' | 'settings'>
  readonly vault: RoleSessionVault
  readonly places: ReturnPlaces
  readonly showPage: ShowPage
}

export function createRoleSessionPages(parts: RoleSessionPageParts): RoleSessionPages {
  const { vault, places, showPage } = parts
  const { broker, effects, settings } = parts.dependencies

  /** What was wrong with the form is said beside the form, which comes back as it was sent. */
  async function explain(exchange: SignedInExchange, error: unknown): Promise<void> {
    const { form, identity, request } = exchange
    const ofForm =
      error instanceof InvalidRequest ||
      error instanceof InvalidDuration ||
      error instanceof InvalidDestination
    const ofAws = error instanceof AwsRefused || error instanceof AwsUnavailable
    if (!(ofForm || ofAws) || wantsJson(request)) throw error
    let offer: RoleOffer
    try {
      offer = await broker.offer(identity, form['role'] ?? '', exchange.context)
    } catch {
      throw error
    }
    noteStanding(request, standingOfOffer(offer))
    if (ofAws) throw error
    const page = roleModel(offer, effects.now(), choicesIn(form), [error.message])
    const title = `${page.account.name}, ${page.role.name}`
    showPage(exchange, 'role', page, { title, status: error.status })
  }

  /** Of a role session that has ended, its owner may still see what it was; of all others nobody anything. */
  async function showEnded(exchange: SignedInExchange, error: unknown): Promise<void> {
    const ended =
      error instanceof NotFound && (await vault.ended(exchange, parameter(exchange, 'id')))
    if (!ended) throw error
    const page = roleSessionEndedModel(ended, effects.now())
    const title = `${page.account.name}, ${page.role.name}`
    showPage(exchange, 'role-session-ended', page, { title, status: 410 })
  }

  async function issueAndKeep(exchange: SignedInExchange): Promise<string> {
    const { form, identity, context } = exchange
    const session = await broker.issue(identity, readRoleSessionForm(form), context)
    await vault.keep(exchange, session)
    return session.id
  }

  return {
    async issue(exchange) {
      let id
      try {
        id = await issueAndKeep(exchange)
      } catch (error) {
        if (await signInAgain(exchange, error, exchange.form, places)) return
        await explain(exchange, error)
        return
      }
      seeOther(exchange.response, roleSessionHref(id))
    },

    async resume(exchange) {
      const form = await resumed(exchange, places)
      if (!form) throw new NotFound('Nothing waits here. Take the role once more.')
      const again = { ...exchange, form }
      try {
        seeOther(exchange.response, roleSessionHref(await issueAndKeep(again)))
      } catch (error) {
        // Whoever comes from the provider is not sent there again: something else is wrong then.
        await explain(again, error)
      }
    },

    async show(exchange) {
      const now = effects.now()
      let held
      try {
        held = await vault.open(exchange, parameter(exchange, 'id'))
      } catch (error) {
        await showEnded(exchange, error)
        return
      }
      const { facts, secrets } = held
      const { format, region, profile, show } = exchange.query
      const page = roleSessionModel({
        facts,
        secrets,
        now,
        query: { format, region, profile, show },
        stsEndpoint: settings.stsEndpoint,
      })
      showPage(exchange, 'role-session', page, {
        title: `${page.account.name}, ${page.role.name}`,
      })
    },

    async renewConsoleUrl(exchange) {
      const { identity, context, request, response } = exchange
      const held = await vault.open(exchange, parameter(exchange, 'id'))
      const { facts, secrets } = held
      noteStanding(request, standingOfFacts(facts))
      const link = await broker.consoleUrl(
        identity,
        {
          roleSession: facts.id,
          roleArn: facts.role.arn,
          credentials: secrets.credentials,
          issuedAt: new Date(facts.issuedAt),
          consoleSeconds: facts.plan.console.seconds,
          sendDuration: facts.plan.console.send,
          destination: facts.console.kind === 'link' ? facts.console.destination : undefined,
          region: facts.region,
        },
        context,
      )
      await vault.putConsole(exchange, held, link)
      seeOther(response, roleSessionHref(facts.id))
    },

    placeOf: (exchange) => ({
      path: roleSessionHref(parameter(exchange, 'id')),
      form: undefined,
    }),
  }
}
