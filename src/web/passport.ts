import type { Request, RequestHandler } from 'express'
import passport from 'passport'
import { Entrant } from './entrant.ts'
import type { Exchange } from './exchange.ts'
import type { FormTokens } from './forms/form-tokens.ts'
import type { SignedIn } from './visitor.ts'

/** Sign-ins, and the browser sessions that they begin. */
export interface Doorkeeper {
  /** Rejects as the method does: SignInFailed, TooManyRequests, InvalidRequest, StateUnavailable. */
  authenticate(method: string, exchange: Exchange): Promise<Entrant>
  /** Begins a browser session under a new ID; whatever the browser brought along is over (session fixation). */
  begin(request: Request, entrant: Entrant): Promise<void>
}

/**
 * The parts of passport that are used, with the types that its own leave open. Its `session()` is not among them: the
 * session store has read and checked whoever is signed in already.
 */
interface Passport {
  use(strategy: passport.Strategy): unknown
  serializeUser(
    write: (
      request: Request,
      user: Express.User,
      done: (error: null, user: SignedIn) => void,
    ) => void,
  ): void
  authenticate(
    name: string,
    options: { readonly session: false },
    done: (error: unknown, user?: SignedIn | false | null) => void,
  ): RequestHandler
}

export function createDoorkeeper(
  strategies: readonly passport.Strategy[],
  tokens: FormTokens,
  now: () => Date,
): Doorkeeper {
  const desk: Passport = new passport.Passport()
  for (const strategy of strategies) desk.use(strategy)

  desk.serializeUser((request, user, done) => {
    if (!(user instanceof Entrant)) throw new TypeError('only begin() signs somebody in')
    const at = now().getTime()
    request.session.times = { createdAt: at, seenAt: at }
    tokens.begin(request)
    done(null, { identity: user.identity, saml: user.saml })
  })

  return {
    authenticate(method, { request, response }) {
      const { promise, resolve, reject } = Promise.withResolvers<Entrant>()
      const handler = desk.authenticate(method, { session: false }, (error, user) => {
        if (user instanceof Entrant) resolve(user)
        else reject(asError(error ?? `the method ${method} gave neither a person nor an error`))
      })
      void handler(request, response, (error?: unknown) => {
        reject(asError(error ?? `the method ${method} passed`))
      })
      return promise
    },
    begin(request, entrant) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      request.logIn(entrant, (error: unknown) => {
        if (error === undefined || error === null) resolve(undefined)
        else reject(asError(error))
      })
      return promise
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
