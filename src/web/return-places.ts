import { createSignInStates, type ReturnPlace } from '../identity/sign-in-state.ts'
import type { CookieJar } from './cookies.ts'
import type { WebDependencies } from './dependencies.ts'
import type { Exchange } from './exchange.ts'

/** Where a visitor was, kept for after the sign-in, or for showing a form again. */
export interface ReturnPlaces {
  /** The number of the kept place; undefined where none could be kept. */
  keep(exchange: Exchange, place: ReturnPlace): Promise<string | undefined>
  recall(exchange: Exchange, number: string): Promise<ReturnPlace | undefined>
  /** Recalls for the last time. */
  take(exchange: Exchange, number: string): Promise<ReturnPlace | undefined>
  /** The path to go on to. A kept form stays until the page that shows it has read it. */
  leave(exchange: Exchange, number: string): Promise<string | undefined>
  /** Keeps a place for once, under the key that a browser is given with its sign-in. */
  keepArrival(exchange: Exchange, key: string, place: ReturnPlace): Promise<string | undefined>
  takeArrival(exchange: Exchange, number: string): Promise<ReturnPlace | undefined>
  /** The random value of this browser, made now where it has none. */
  visitorKey(exchange: Exchange): string
}

export function createReturnPlaces(
  parts: WebDependencies,
  jar: CookieJar,
  isReturnable: (path: string) => boolean,
): ReturnPlaces {
  const { signInStates: store, attempts, effects } = parts
  const states = createSignInStates({ store, attempts, now: effects.now, isReturnable })

  function visitorKey({ request, response }: Exchange): string {
    const known = jar.visitor.read(request)
    if (known !== undefined) return known
    const key = effects.randomBytes(32).toString('base64url')
    jar.visitor.set(response, key)
    return key
  }

  async function recall({ request }: Exchange, number: string): Promise<ReturnPlace | undefined> {
    const key = jar.visitor.read(request)
    return key === undefined ? undefined : states.recall(key, number)
  }

  return {
    visitorKey,
    recall,
    keep(exchange, place) {
      const visitor = { key: visitorKey(exchange), address: exchange.context.address }
      return states.remember(visitor, place)
    },
    async take({ request }, number) {
      const key = jar.visitor.read(request)
      return key === undefined ? undefined : states.take(key, number)
    },
    keepArrival({ context }, key, place) {
      return states.remember({ key, address: context.address }, place)
    },
    async takeArrival({ request }, number) {
      const key = jar.key.read(request)
      return key === undefined ? undefined : states.take(key, number)
    },
    async leave(exchange, number) {
      const place = await recall(exchange, number)
      if (place?.form) return withContinuation(place.path, number)
      const key = jar.visitor.read(exchange.request)
      if (place && key !== undefined) await states.take(key, number)
      return place?.path
    },
  }
}

/** The page that shows a kept form again. */
export function withContinuation(path: string, number: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}continue=${number}`
}
