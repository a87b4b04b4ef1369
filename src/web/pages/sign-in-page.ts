import type { Request } from 'express'
import {
  BrokerError,
  CrossSiteRequest,
  NotFound,
  SignInFailed,
  TooManyRequests,
} from '../../errors.ts'
import type { FormSignIn } from '../../identity/local-form.ts'
import { seeOther } from '../answers.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import { type Exchange, parameter, type SignedInExchange } from '../exchange.ts'
import type { FormTokens } from '../forms/form-tokens.ts'
import { isOwnNavigation } from '../own-navigation.ts'
import type { ShowPage } from '../page-renderer.ts'
import type { Doorkeeper } from '../passport.ts'
import type { ReturnPlaces } from '../return-places.ts'
import { leaveProvider } from '../saml/leave-provider.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import { identityOf, samlSessionOf } from '../visitor.ts'
import { destinationText } from './destination-text.ts'
import { type SignInFacts, type SignInMethodLine, signInModel } from './sign-in-model.ts'

export interface SignInPages {
  readonly show: (exchange: Exchange) => Promise<void>
  readonly submit: (exchange: Exchange) => Promise<void>
  readonly showStale: (exchange: Exchange) => Promise<void>
  /** After a method that has no form of its own came to nothing: the other ones first. `calm` where nothing went wrong. */
  readonly showOthers: (
    exchange: Exchange,
    tried: string,
    error: BrokerError,
    calm?: 'calm',
  ) => Promise<void>
  readonly signOut: (exchange: SignedInExchange) => Promise<void>
}

export interface SignInPageParts {
  readonly dependencies: WebDependencies
  readonly jar: CookieJar
  readonly tokens: FormTokens
  readonly doorkeeper: Doorkeeper
  readonly record: SignInRecord
  readonly places: ReturnPlaces
  readonly showPage: ShowPage
}

export function createSignInPages(parts: SignInPageParts): SignInPages {
  const { dependencies, jar, tokens, doorkeeper, record, places, showPage } = parts
  const { effects, forms, logger, saml } = dependencies
  const methods = methodLines(dependencies)

  async function showForm(
    exchange: Exchange,
    facts: Partial<SignInFacts> & { readonly status?: number },
  ): Promise<void> {
    const number = exchange.form['continue'] ?? exchange.query['continue']
    const place = number === undefined ? undefined : await places.recall(exchange, number)
    const page = signInModel({
      methods,
      ...facts,
      destinationText: place && destinationText(place.path),
      continuation: place && number,
    })
    const csrfToken = tokens.visitor(places.visitorKey(exchange))
    showPage(exchange, 'sign-in', page, {
      title: 'Sign in',
      status: facts.status ?? 200,
      csrfToken,
    })
  }

  function formFor(exchange: Exchange): FormSignIn {
    const form = forms.find(({ id }) => id === parameter(exchange, 'method'))
    if (!form) throw new NotFound('There is no such way to sign in.')
    return form
  }

  /** Says the same to whoever guesses as to whoever mistypes. */
  async function refuse(exchange: Exchange, form: FormSignIn, error: unknown): Promise<void> {
    if (!(error instanceof SignInFailed || error instanceof TooManyRequests)) throw error
    const userName = exchange.form['username'] ?? ''
    await record.refused(exchange, form, error, form.knows(userName) ? userName : undefined)
    if (error instanceof TooManyRequests) {
      exchange.response.setHeader('Retry-After', String(error.retryAfterSeconds))
    }
    await showForm(exchange, { status: error.status, tried: form.id, error, userName })
  }

  return {
    async show(exchange) {
      const { query, request, response } = exchange
      const number = query['continue']
      const again = query['again'] !== undefined
      if (identityOf(request) && !again) {
        const path = number === undefined ? undefined : await places.leave(exchange, number)
        seeOther(response, path ?? '/')
        return
      }
      const ended = query['ended'] !== undefined
      const signedOut = signedOutOf(query, methods)
      const itself = onlyLink(methods) ?? automaticMethod(request, dependencies)
      // Who has just left, or was away, must not be signed in again without a click.
      if (itself !== undefined && !ended && !signedOut && !again) {
        const query = number === undefined ? '' : `?continue=${encodeURIComponent(number)}`
        response.setHeader('Refresh', `0; url=/sign-in/${itself}${query}`)
      }
      await showForm(exchange, { ended, signedOut })
    },

    async submit(exchange) {
      const { form: fields, request, response } = exchange
      const form = formFor(exchange)
      let entrant
      try {
        entrant = await doorkeeper.authenticate(form.id, exchange)
      } catch (error) {
        await refuse(exchange, form, error)
        return
      }
      await record.signedIn(exchange, entrant.identity)
      const number = fields['continue']
      const path = number === undefined ? undefined : await places.leave(exchange, number)
      await doorkeeper.begin(request, entrant)
      jar.key.set(response, effects.randomBytes(32).toString('base64url'))
      seeOther(response, path ?? '/')
    },

    async showStale(exchange) {
      const error = new CrossSiteRequest(
        'This page was open for too long or its cookie is gone, so nothing was sent. Sign in now.',
      )
      const userName = exchange.form['username'] ?? ''
      const tried = formFor(exchange).id
      await showForm(exchange, { status: error.status, tried, error, userName })
    },

    async showOthers(exchange, tried, error, calm) {
      const others = methods.filter(({ id }) => id !== tried)
      const last = methods.filter(({ id }) => id === tried)
      await showForm(exchange, {
        status: error.status,
        methods: [...others, ...last],
        ...(calm ? { told: error.message } : { error }),
      })
    },

    async signOut(exchange) {
      const { identity, request, response } = exchange
      const session = samlSessionOf(request)
      const { promise, resolve, reject } = Promise.withResolvers<undefined>()
      request.session.destroy((error: unknown) => {
        if (error instanceof Error) reject(error)
        else resolve(undefined)
      })
      await promise
      response.clearCookie(jar.sessionName, jar.attributes)
      jar.key.drop(response)
      // Not "cookies": that would sign out of everything else on the same domain (Clear Site Data §3.1).
      response.setHeader('Clear-Site-Data', '"cache", "storage"')
      try {
        await record.signedOut(exchange, identity)
      } catch (error) {
        if (!(error instanceof BrokerError)) throw error
        logger.error({ err: error, ...exchange.context }, 'a sign-out could not be recorded')
      }
      const method = saml.find(({ id }) => id === identity.method)
      if (method && session) await leaveProvider(exchange, method, session, parts)
      else seeOther(response, '/sign-in?signed-out=yes')
    },
  }
}

/** Where there is nothing to choose and nothing to type. */
function onlyLink([only, ...others]: readonly SignInMethodLine[]): string | undefined {
  return only !== undefined && only.kind !== 'form' && others.length === 0 ? only.id : undefined
}

/** The method that is to be tried first, unless another site sent the visitor: nobody is signed in by somebody else. */
function automaticMethod(
  request: Request,
  { kerberos, settings }: WebDependencies,
): string | undefined {
  if (kerberos?.automatic !== true) return undefined
  return isOwnNavigation(request, settings.publicUrl) ? kerberos.id : undefined
}

/** The methods as the page shows them, in the order of the configuration. */
function methodLines({
  forms,
  saml,
  kerberos,
  certificates,
  signInOrder,
}: WebDependencies): readonly SignInMethodLine[] {
  const lines = [
    ...forms.map(({ id, label }) => ({ id, label, kind: 'form' as const })),
    ...saml.map(({ id, label }) => ({ id, label, kind: 'saml' as const })),
    ...certificates.map(({ id, label }) => ({ id, label, kind: 'certificate' as const })),
    ...(kerberos ? [{ id: kerberos.id, label: kerberos.label, kind: 'kerberos' as const }] : []),
  ]
  return lines.sort((a, b) => signInOrder.indexOf(a.id) - signInOrder.indexOf(b.id))
}

/** What a sign-out that ended here came to. */
function signedOutOf(
  query: Exchange['query'],
  methods: readonly SignInMethodLine[],
): SignInFacts['signedOut'] {
  const where = query['signed-out']
  if (where === undefined) return undefined
  const provider = methods.find(({ id }) => id === query['method'])?.label
  return { there: where === 'both' ? true : where === 'here' ? false : undefined, provider }
}
