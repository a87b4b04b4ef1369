import type { ReturnPlace } from '../identity/sign-in-state.ts'
import type { CertificatePages } from './client-certificate/certificate-pages.ts'
import type { Exchange, SignedInExchange } from './exchange.ts'
import type { TokenOf } from './forms/form-tokens.ts'
import type { PortalLinkPages } from './pages/portal-link-page.ts'
import type { RolePages } from './pages/role-page.ts'
import type { RoleSessionPages } from './pages/role-session-page.ts'
import type { SignInPages } from './pages/sign-in-page.ts'
import type { SamlPages } from './saml/saml-pages.ts'
import type { AuthorizePages } from './terminals/authorize-page.ts'
import type { DevicePages } from './terminals/device-page.ts'
import type { TerminalsPages } from './terminals/terminals-page.ts'

type Answer = Promise<void> | void

/** Who may come: anybody, or whoever is signed in. There is no default. */
type Access =
  | { readonly access: 'public'; handle: (exchange: Exchange) => Answer }
  | {
      readonly access: 'signed-in'
      handle: (exchange: SignedInExchange) => Answer
      /** Where a sign-in that comes between leads back to; a page's own address where this is left out. */
      place?: (exchange: Exchange) => ReturnPlace | undefined
    }

/** HEAD is answered as GET without the body. */
type PageRoute = Access & {
  readonly method: 'get'
  readonly path: string
  /** Set where the handler itself reads the query, because a signature covers it as it came. */
  readonly query?: 'raw'
}

type FormRoute = Access & {
  readonly method: 'post'
  readonly path: string
  /** Whose token the form must carry. */
  readonly token: TokenOf
  /** Bytes. */
  readonly bodyLimit: number
  /** Shows the form again when its token is stale; the route refuses it where this is left out. */
  stale?: (exchange: Exchange) => Answer
}

/**
 * A message from an identity provider, by way of the browser: from another site, and so without token. Its handler reads
 * and checks the body.
 */
interface MessageRoute {
  readonly method: 'post'
  readonly path: string
  readonly access: 'public'
  readonly from: 'anywhere'
  handle: (exchange: Exchange) => Answer
}

export type Route = PageRoute | FormRoute | MessageRoute

export interface Pages {
  readonly signIn: SignInPages
  /** GET `/sign-in/{method}`. */
  readonly start: (exchange: Exchange) => Promise<void>
  readonly role: RolePages
  readonly roleSession: RoleSessionPages
  readonly portalLink: PortalLinkPages
  readonly authorize: AuthorizePages
  readonly device: DevicePages
  readonly terminals: TerminalsPages
  readonly certificate: CertificatePages
  readonly saml: SamlPages
}

const small = 4_096
const large = 16_384

/** Every address that Postern answers beside /public and health. What stands nowhere here is 404. */
export function routes(pages: Pages): readonly Route[] {
  const { signIn, start, certificate, role, roleSession, portalLink, saml } = pages
  return [
    { method: 'get', path: '/sign-in', access: 'public', handle: signIn.show },
    {
      method: 'post',
      path: '/sign-in/:method',
      access: 'public',
      token: 'visitor',
      bodyLimit: small,
      stale: signIn.showStale,
      handle: signIn.submit,
    },
    { method: 'get', path: '/sign-in/:method', access: 'public', handle: start },
    {
      method: 'get',
      path: '/sign-in/:method/return',
      access: 'public',
      handle: certificate.finish,
    },
    {
      method: 'post',
      path: '/saml/:method/acs',
      access: 'public',
      from: 'anywhere',
      handle: saml.acceptResponse,
    },
    {
      method: 'get',
      path: '/saml/aws/metadata',
      access: 'public',
      handle: saml.showOwnMetadata,
    },
    { method: 'get', path: '/saml/:method/metadata', access: 'public', handle: saml.showMetadata },
    {
      method: 'get',
      path: '/saml/:method/logout',
      access: 'public',
      query: 'raw',
      handle: saml.acceptRedirectedLogout,
    },
    {
      method: 'post',
      path: '/saml/:method/logout',
      access: 'public',
      from: 'anywhere',
      handle: saml.acceptPostedLogout,
    },
    {
      method: 'post',
      path: '/sign-out',
      access: 'signed-in',
      token: 'session',
      bodyLimit: small,
      handle: signIn.signOut,
    },
    { method: 'get', path: '/', access: 'signed-in', handle: role.showAll },
    { method: 'get', path: '/role', access: 'signed-in', handle: role.showOne },
    {
      method: 'post',
      path: '/role-sessions',
      access: 'signed-in',
      token: 'session',
      bodyLimit: large,
      place: role.placeOf,
      stale: role.showStale,
      handle: roleSession.issue,
    },
    {
      method: 'get',
      path: '/role-sessions/resume',
      access: 'signed-in',
      handle: roleSession.resume,
    },
    { method: 'get', path: '/role-sessions/:id', access: 'signed-in', handle: roleSession.show },
    {
      method: 'post',
      path: '/role-sessions/:id/console-url',
      access: 'signed-in',
      token: 'session',
      bodyLimit: small,
      place: roleSession.placeOf,
      handle: roleSession.renewConsoleUrl,
    },
    {
      method: 'get',
      path: '/console',
      access: 'signed-in',
      place: portalLink.placeOf,
      handle: portalLink.open,
    },
    {
      method: 'post',
      path: '/console',
      access: 'signed-in',
      token: 'session',
      bodyLimit: small,
      place: portalLink.placeOf,
      stale: portalLink.showStale,
      handle: portalLink.confirm,
    },
    ...terminalRoutes(pages),
  ]
}

/** Sign-ins of the command line. */
function terminalRoutes({ authorize, device, terminals }: Pages): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/authorize',
      access: 'signed-in',
      place: authorize.placeOf,
      handle: authorize.ask,
    },
    {
      method: 'post',
      path: '/authorize',
      access: 'signed-in',
      token: 'session',
      bodyLimit: small,
      place: authorize.placeOf,
      stale: authorize.showStale,
      handle: authorize.decide,
    },
    {
      method: 'get',
      path: '/device',
      access: 'signed-in',
      place: device.placeOf,
      handle: device.show,
    },
    {
      method: 'post',
      path: '/device',
      access: 'signed-in',
      token: 'session',
      bodyLimit: small,
      place: device.placeOf,
      stale: device.showStale,
      handle: device.submit,
    },
    { method: 'get', path: '/terminals', access: 'signed-in', handle: terminals.show },
    {
      method: 'post',
      path: '/terminals',
      access: 'signed-in',
      token: 'session',
      bodyLimit: small,
      handle: terminals.end,
    },
  ]
}
