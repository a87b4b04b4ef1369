import type { Request } from 'express'
import passport from 'passport'
import { samlIdentity, type SamlMethod } from '../../identity/saml/saml-method.ts'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import { Entrant } from '../entrant.ts'
import { formOf } from '../forms/body.ts'
import { requestFacts } from '../request-context.ts'

/** A posted SAML response, as a strategy of passport. It has no #private parts: passport works on derived objects. */
export class SamlStrategy extends passport.Strategy {
  override readonly name: string
  readonly verify: (request: Request) => Promise<Entrant>

  constructor(method: SamlMethod, jar: CookieJar, { logger }: Pick<WebDependencies, 'logger'>) {
    super()
    this.name = method.id
    this.verify = (request) => verify(request, method, jar, logger)
  }

  override authenticate(request: Request): void {
    this.verify(request).then(
      (entrant) => {
        this.success(entrant)
      },
      (error: unknown) => {
        this.error(error)
      },
    )
  }
}

async function verify(
  request: Request,
  method: SamlMethod,
  jar: CookieJar,
  logger: WebDependencies['logger'],
): Promise<Entrant> {
  const { SAMLResponse, RelayState } = formOf(request)
  const browserNonce = jar.journey.read(request)
  const posted = { SAMLResponse, RelayState, browserNonce }
  const signIn = await method.serviceProvider.acceptResponse(posted)
  const { carry, landing, claims, session } = signIn
  if (claims.malformedAwsRoles.length > 0) {
    const { requestId } = requestFacts(request)
    const found = claims.malformedAwsRoles.slice(0, 5).map((value) => value.slice(0, 200))
    logger.warn(
      { requestId, method: method.id, found },
      'the provider sent AWS roles that are no pair of role and provider',
    )
  }
  // The place to go on to is kept under a Lax cookie, which did not come with this POST and does come with the next GET.
  const destination = carry ? `/sign-in?continue=${carry}` : landing
  const response = typeof SAMLResponse === 'string' ? SAMLResponse : ''
  const { issuedAt } = signIn
  return new Entrant(samlIdentity(method, signIn), {
    saml: session,
    destination,
    assertion: { method: method.id, response, issuedAt, awsRoles: claims.awsRoles },
  })
}
