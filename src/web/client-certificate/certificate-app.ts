import express, { type Express, type RequestHandler } from 'express'
import { CrossSiteRequest, InvalidRequest, MethodNotAllowed, NotFound } from '../../errors.ts'
import type { CertificateMethod } from '../../identity/client-certificate/certificate-method.ts'
import { createReturnCodes } from '../../identity/client-certificate/return-code.ts'
import { createSignInLimits } from '../../identity/sign-in-limits.ts'
import { accessLog } from '../access-log.ts'
import { seeOther } from '../answers.ts'
import { createApiRouter } from '../api/api-router.ts'
import { createCookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import { errorHandler } from '../error-handler.ts'
import { exchangeOf } from '../exchange.ts'
import { createFormTokens } from '../forms/form-tokens.ts'
import { hostGuard } from '../guards/host-guard.ts'
import { securityHeaders } from '../guards/security-headers.ts'
import { createPageRenderer } from '../page-renderer.ts'
import { requestContext, requestFacts } from '../request-context.ts'
import { createSignInRecord } from '../sign-in-record.ts'
import { staticFiles } from '../static-files.ts'
import { isTopLevelNavigation } from '../top-level-navigation.ts'
import { useViews } from '../view-engine.ts'
import { certificateWay } from './certificate-way.ts'
import { certificateRefusals, proveCertificate } from './prove-certificate.ts'
import { writeProven } from './proven-identity.ts'

/**
 * What the listener that asks for certificates answers: the one step of a browser's sign-in that needs the certificate, and
 * the API. It has no cookies and no sessions; the files of /public are for the page that says why somebody was refused.
 */
export function createCertificateApp(
  method: CertificateMethod & { readonly origin: string },
  dependencies: WebDependencies,
): Express {
  const { settings, attempts } = dependencies
  const files = staticFiles(settings.publicFolder)
  const tokens = createFormTokens(createCookieJar(settings.publicUrl))
  const home = settings.publicUrl.origin
  const showPage = createPageRenderer(dependencies, tokens, files.assets, home)
  const limits = createSignInLimits(attempts, settings.signInLimits)
  const record = createSignInRecord(dependencies)
  const take = certificateRefusals(dependencies, record, limits)
  const way = certificateWay(method, certificateRefusals(dependencies, record), record)

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', false)
  useViews(app, settings.viewsFolder)

  // TLS ends here, so nobody in between could have written X-Forwarded-For, and whoever sends it made it up.
  app.use(requestContext({ ...dependencies, settings: { ...settings, trustedProxies: [] } }))
  app.use(accessLog(dependencies))
  app.use(...securityHeaders(settings))
  app.use(hostGuard(new URL(method.origin)))
  app.use('/public', files.serve)
  app.use('/api', certificateAlone)
  app.use(createApiRouter(dependencies, [way]))
  app.all(`/sign-in/${method.id}`, signIn(method, dependencies, take))
  app.use(() => {
    throw new NotFound('Nothing lives at this address.')
  })
  app.use(errorHandler(dependencies, showPage))
  return app
}

/** Of two proofs nobody could say which one counts. */
const certificateAlone: RequestHandler = (request, _response, next) => {
  if (request.headersDistinct['authorization'] === undefined) next()
  else {
    throw new InvalidRequest(
      'This address takes client certificates alone. Leave Authorization out, or use the main address.',
    )
  }
}

/** Proves who somebody is, and sends them back to the main origin with a code. */
function signIn(
  method: CertificateMethod,
  { settings, signInStates, effects }: WebDependencies,
  take: ReturnType<typeof certificateRefusals>,
): RequestHandler {
  const codes = createReturnCodes(signInStates, method.id, effects)
  const start = `${settings.publicUrl.origin}/sign-in/${method.id}`
  return async (request, response) => {
    requestFacts(request).route = '/sign-in/:method'
    if (request.method !== 'GET') throw new MethodNotAllowed(['GET'])
    // An image on anybody's page would show a certificate, and each refusal would count against the visitor's office.
    if (request.headers['sec-fetch-mode'] !== undefined && !isTopLevelNavigation(request)) {
      throw new CrossSiteRequest('This address is to be gone to, and is no part of another page.')
    }
    const exchange = exchangeOf(request, response)
    const { started } = exchange.query
    const proven = await take(exchange, method, () => proveCertificate(request, method))
    // Whoever kept this address starts where the cookie is.
    if (started === undefined) {
      seeOther(response, start)
      return
    }
    const code = await take(exchange, method, () => codes.issue(started, writeProven(proven)))
    seeOther(response, `${start}/return?code=${code}`)
  }
}
