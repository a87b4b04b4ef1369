import express, { type Express } from 'express'
import { NotFound } from '../errors.ts'
import { createReturnCodes } from '../identity/client-certificate/return-code.ts'
import { providerOrigins } from '../identity/saml/saml-method.ts'
import { createSignInLimits } from '../identity/sign-in-limits.ts'
import { access } from './access.ts'
import { accessLog } from './access-log.ts'
import { createApiRouter } from './api/api-router.ts'
import { browserSessions } from './browser-sessions/browser-sessions.ts'
import { CertificateStrategy } from './client-certificate/certificate-strategy.ts'
import { createCertificatePages } from './client-certificate/certificate-pages.ts'
import { createCookieJar } from './cookies.ts'
import type { WebDependencies } from './dependencies.ts'
import { errorHandler } from './error-handler.ts'
import { createFormTokens } from './forms/form-tokens.ts'
import { crossSiteGuard } from './guards/cross-site-guard.ts'
import { hostGuard } from './guards/host-guard.ts'
import { securityHeaders } from './guards/security-headers.ts'
import { createReadiness, healthRoutes } from './health.ts'
import { isOwnPage } from './own-pages.ts'
import { createPageRenderer } from './page-renderer.ts'
import { createPortalLinkPages } from './pages/portal-link-page.ts'
import { createRolePages } from './pages/role-page.ts'
import { createRoleSessionPages } from './pages/role-session-page.ts'
import { createSignInPages } from './pages/sign-in-page.ts'
import { FormStrategy } from './form-strategy.ts'
import { kerberosStarts } from './kerberos/kerberos-start.ts'
import { KerberosStrategy } from './kerberos/kerberos-strategy.ts'
import { createDoorkeeper } from './passport.ts'
import { createKeptAssertions } from './saml/kept-assertion.ts'
import { createSamlPages } from './saml/saml-pages.ts'
import { SamlStrategy } from './saml/saml-strategy.ts'
import { createSignInRecord } from './sign-in-record.ts'
import { signInStart, type SignInStarts } from './sign-in-starts.ts'
import { requestContext } from './request-context.ts'
import { createReturnPlaces } from './return-places.ts'
import { createRoleSessionVault } from './role-sessions/role-session-vault.ts'
import { routerOf } from './router.ts'
import { type Route, routes } from './routes.ts'
import { staticFiles } from './static-files.ts'
import { createAuthorizePages } from './terminals/authorize-page.ts'
import { createDevicePages } from './terminals/device-page.ts'
import { createTerminalRecord } from './terminals/terminal-record.ts'
import { createTerminalsPages } from './terminals/terminals-page.ts'
import { useViews } from './view-engine.ts'

/** The web face: everything that listens for browsers, in the order in which a request meets it. */
export function createApp(dependencies: WebDependencies): Express {
  const { settings, attempts, checks, effects, forms, isDraining } = dependencies
  const { certificates, kerberos, saml } = dependencies
  const { publicUrl } = settings
  const jar = createCookieJar(publicUrl)
  const tokens = createFormTokens(jar)
  const files = staticFiles(settings.publicFolder)
  const showPage = createPageRenderer(dependencies, tokens, files.assets)
  const limits = createSignInLimits(attempts, settings.signInLimits)
  const strategies = [
    ...forms.map((form) => new FormStrategy(form, limits)),
    ...saml.map((method) => new SamlStrategy(method, jar, dependencies)),
    ...(kerberos ? [new KerberosStrategy(kerberos)] : []),
    ...certificates.map((method) => {
      const codes = createReturnCodes(dependencies.signInStates, method.id, effects)
      return new CertificateStrategy(method, codes, jar)
    }),
  ]
  const doorkeeper = createDoorkeeper(strategies, tokens, effects.now)
  const record = createSignInRecord(dependencies)
  const vault = createRoleSessionVault(dependencies, jar)
  const isOwn = (path: string) => isOwnPage(table, path)
  const places = createReturnPlaces(dependencies, jar, isOwn)
  const kept = createKeptAssertions(dependencies, jar)
  const signIn = { dependencies, jar, doorkeeper, record, places, showPage }
  const samlPages = createSamlPages({ ...signIn, limits, kept, isOwnPage: isOwn })
  const certificatePages = createCertificatePages({ ...signIn, limits })
  const signInPages = createSignInPages({ ...signIn, tokens })
  const starts: SignInStarts = new Map([
    ...saml.map(({ id }) => [id, samlPages.start] as const),
    ...certificates.map(({ id }) => [id, certificatePages.start] as const),
    ...kerberosStarts({ ...signIn, limits, signInPages }),
  ])
  const terminalParts = { dependencies, record: createTerminalRecord(dependencies), showPage }
  const table: readonly Route[] = routes({
    signIn: signInPages,
    start: signInStart(starts, dependencies),
    certificate: certificatePages,
    saml: samlPages,
    role: createRolePages({ dependencies, places, showPage }),
    roleSession: createRoleSessionPages({ dependencies, vault, places, showPage }),
    portalLink: createPortalLinkPages({ dependencies, vault, places, showPage }),
    authorize: createAuthorizePages(terminalParts),
    device: createDevicePages(terminalParts),
    terminals: createTerminalsPages(terminalParts),
  })

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  useViews(app, settings.viewsFolder)

  app.use(requestContext(dependencies))
  app.use(accessLog(dependencies))
  app.use(...securityHeaders(settings, () => providerOrigins(saml)))
  app.use(healthRoutes(createReadiness(checks, effects.now), isDraining))
  app.use(hostGuard(publicUrl))
  app.use('/public', files.serve)
  app.use(createApiRouter(dependencies, dependencies.apiWays))
  app.use(browserSessions(dependencies, jar))
  app.use(
    routerOf(table, {
      crossSite: crossSiteGuard(publicUrl),
      access: (route) => access(route, places, jar),
      tokens,
      kept,
    }),
  )
  app.use(() => {
    throw new NotFound('Nothing lives at this address.')
  })
  app.use(errorHandler(dependencies, showPage))
  return app
}
