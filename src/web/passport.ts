import type { Request, RequestHandler } from 'express'
import passport from 'passport'
import { SignInFailed } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { FormSignIn } from '../identity/local-form.ts'
import type { SignInLimits } from '../identity/sign-in-limits.ts'
import type { Exchange } from './exchange.ts'
import { formOf } from './forms/body.ts'
import { readSignInForm } from './forms/form-fields.ts'
import type { FormTokens } from './forms/form-tokens.ts'
import { requestFacts } from './request-context.ts'
import type { SignedIn } from './visitor.ts'

/** Sign-ins, and the browser sessions that they begin. */
export interface Doorkeeper {
  /** Rejects as the method does: SignInFailed, TooManyRequests, InvalidRequest, StateUnavailable. */
  authenticate(method: string, exchange: Exchange): Promise<Identity>
  /** Begins a browser session under a new ID; whatever the browser brought along is over (session fixation). */
  begin(request: Request, identity: Identity): Promise<void>
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
  forms: readonly FormSignIn[],
  limits: SignInLimits,
  tokens: FormTokens,
  now: () => Date,
): Doorkeeper {
  const desk: Passport = new passport.Passport()
  for (const form of forms) desk.use(new FormStrategy(form, limits))

  desk.serializeUser((request, user, done) => {
    if (!(user instanceof Entrant)) throw new TypeError('only begin() signs somebody in')
    const at = now().getTime()
    request.session.times = { createdAt: at, seenAt: at }
    tokens.begin(request)
    done(null, { identity: user.identity })
  })

  return {
    authenticate(method, { request, response }) {
      const { promise, resolve, reject } = Promise.withResolvers<Identity>()
      const handler = desk.authenticate(method, { session: false }, (error, user) => {
        if (user) resolve(user.identity)
        else reject(asError(error ?? `the method ${method} gave neither a person nor an error`))
      })
      void handler(request, response, (error?: unknown) => {
        reject(asError(error ?? `the method ${method} passed`))
      })
      return promise
    },
    begin(request, identity) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      request.logIn(new Entrant(identity), (error: unknown) => {
        if (error === undefined || error === null) resolve(undefined)
        else reject(asError(error))
      })
      return promise
    },
  }
}

/** Whom passport carries from a sign-in to the session; its own type for that is empty. */
class Entrant implements SignedIn {
  readonly identity: Identity

  constructor(identity: Identity) {
    this.identity = identity
  }
}

/** A form with name and password, as a strategy of passport. It has no #private parts: passport works on derived objects. */
class FormStrategy extends passport.Strategy {
  override readonly name: string
  readonly verify: (request: Request) => Promise<Identity>

  constructor(form: FormSignIn, limits: SignInLimits) {
    super()
    this.name = form.id
    this.verify = (request) => verify(request, form, limits)
  }

  override authenticate(request: Request): void {
    this.verify(request).then(
      (identity) => {
        this.success(new Entrant(identity))
      },
      (error: unknown) => {
        this.error(error)
      },
    )
  }
}

async function verify(request: Request, form: FormSignIn, limits: SignInLimits): Promise<Identity> {
  const typed = readSignInForm(formOf(request))
  const { address } = requestFacts(request)
  const signIn = { address, people: form.people, name: typed.name }
  await limits.admit(signIn)
  try {
    const identity = await form.verify(typed)
    await limits.succeeded(signIn)
    return identity
  } catch (error) {
    if (error instanceof SignInFailed) await limits.refused(signIn)
    throw error
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
