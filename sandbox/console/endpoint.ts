import { htmlReply, redirectReply, type Reply } from '../http/reply.ts'
import { headerValues, type SandboxRequest } from '../http/request.ts'
import type { Environment } from '../sts/action.ts'
import { endedConsoleCookie, readConsoleSession } from './console-session.ts'
import { expiredPage, homePage, signedOutPage } from './pages.ts'

/** Everything under `/console`: one page, whatever service the path names, and signing out. */
export function answerConsole(environment: Environment, request: SandboxRequest): Reply {
  if (request.path === '/console/sign-out') return signOut(request)
  if (request.method !== 'GET') return htmlReply(405, signedOutPage, { allow: 'GET' })
  const session = readConsoleSession(environment.seal, request)
  if (session === undefined) return htmlReply(403, signedOutPage)
  const now = environment.now()
  if (session.expiresAt <= now.getTime()) return htmlReply(403, expiredPage(session))
  const region = request.form.values.get('region') ?? 'not chosen'
  return htmlReply(200, homePage(session, region, request.path, now))
}

function signOut(request: SandboxRequest): Reply {
  const site = headerValues(request, 'sec-fetch-site').join()
  if (request.method !== 'POST' || site === 'cross-site') return htmlReply(405, signedOutPage)
  return htmlReply(200, signedOutPage, { 'set-cookie': endedConsoleCookie })
}

/**
 * `/oauth?Action=logout&redirect_uri=…`, the observed way to log out before logging in. Only the sandbox's
 * own federation endpoint is followed.
 */
export function answerLogout(origin: string, request: SandboxRequest): Reply {
  const { values } = request.form
  if (values.get('Action') !== 'logout') return htmlReply(400, signedOutPage)
  const next = URL.parse(values.get('redirect_uri') ?? '')
  const headers = { 'set-cookie': endedConsoleCookie }
  if (next?.origin !== origin || next.pathname !== '/federation') {
    return htmlReply(200, signedOutPage, headers)
  }
  return redirectReply(`${next.pathname}${next.search}`, headers)
}
