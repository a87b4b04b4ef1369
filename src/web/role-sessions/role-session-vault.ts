import type { Broker, RoleSession } from '../../broker.ts'
import { BrokerError, NotFound } from '../../errors.ts'
import { personKey } from '../../identity/identity.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { SignedInExchange } from '../exchange.ts'
import { factsOf, readFacts, type RoleSessionFacts, withConsole } from './role-session-facts.ts'
import { type RoleSessionSecrets, seal, unseal } from './sealing.ts'

type ConsoleLink = Awaited<ReturnType<Broker['consoleUrl']>>

/** A role session as the browser that made it may see it again. */
interface HeldRoleSession {
  readonly facts: RoleSessionFacts
  readonly secrets: RoleSessionSecrets
}

/** Role sessions in the database, and the key to them in the browser. */
export interface RoleSessionVault {
  keep(exchange: SignedInExchange, session: RoleSession): Promise<void>
  /** Rejects with NotFound in any other browser, for any other person, and once the credentials have ended. */
  open(exchange: SignedInExchange, id: string): Promise<HeldRoleSession>
  /** Facts of one whose credentials have ended, for the person who had them; undefined for any other. */
  ended(exchange: SignedInExchange, id: string): Promise<RoleSessionFacts | undefined>
  putConsole(exchange: SignedInExchange, held: HeldRoleSession, link: ConsoleLink): Promise<void>
}

const remembered = 200

export function createRoleSessionVault(
  parts: Pick<WebDependencies, 'roleSessions' | 'effects'>,
  jar: CookieJar,
): RoleSessionVault {
  const { roleSessions, effects } = parts

  /** Made at sign-in; made anew where somebody dropped the cookie, who then can't open what was sealed before. */
  function keyOf({ request, response }: SignedInExchange): string {
    const known = jar.key.read(request)
    if (known !== undefined) return known
    const key = effects.randomBytes(32).toString('base64url')
    jar.key.set(response, key)
    return key
  }

  function sealFor(exchange: SignedInExchange, id: string, secrets: RoleSessionSecrets) {
    const owner = { person: personKey(exchange.identity.person), roleSession: id }
    return seal(secrets, keyOf(exchange), owner, effects.randomBytes)
  }

  return {
    async keep(exchange, session) {
      const { id, role, credentials, console } = session
      const consoleUrl = console && !(console instanceof BrokerError) ? console.url : undefined
      await roleSessions.insert({
        id,
        person: personKey(exchange.identity.person),
        role: role.arn.arn,
        accessKeyId: credentials.accessKeyId,
        issuedAt: session.issuedAt.getTime(),
        expiresAt: credentials.expiration.getTime(),
        facts: JSON.stringify(factsOf(session, exchange.context.requestId)),
        sealed: sealFor(exchange, id, { credentials, consoleUrl }),
      })
    },

    async open({ identity, request }, id) {
      const person = personKey(identity.person)
      const stored = await roleSessions.read(id, person, effects.now().getTime())
      const facts = stored && readFacts(stored.facts)
      const key = jar.key.read(request)
      const secrets =
        stored && key !== undefined
          ? unseal(stored.sealed, key, { person, roleSession: id })
          : undefined
      if (facts && secrets) return { facts, secrets }
      throw new NotFound(
        'This page opens only in the browser that made it, until its credentials end or you sign out. Take the role once more.',
      )
    },

    async ended({ identity }, id) {
      const latest = await roleSessions.recent(personKey(identity.person), remembered)
      const now = effects.now().getTime()
      const found = latest.find((session) => session.id === id && session.expiresAt <= now)
      return found && readFacts(found.facts)
    },

    async putConsole(exchange, { facts, secrets }, link) {
      const { credentials } = secrets
      const replaced = await roleSessions.replace(
        facts.id,
        personKey(exchange.identity.person),
        JSON.stringify(withConsole(facts, link)),
        sealFor(exchange, facts.id, { credentials, consoleUrl: link.url }),
      )
      if (!replaced) throw new NotFound('The credentials ended just now. Take the role once more.')
    },
  }
}
