import type { Request, Response } from 'express'
import { sessionEnd } from '../identity/browser-session.ts'
import type { WebDependencies } from './dependencies.ts'
import type { FormTokens } from './forms/form-tokens.ts'
import type { CarryPage } from './pages/carry-model.ts'
import type { ErrorPage } from './pages/error-model.ts'
import type { Frame } from './pages/frame.ts'
import type { NoRolesPage } from './pages/no-roles-model.ts'
import type { PortalLinkPage } from './pages/portal-link-model.ts'
import type { RolePage } from './pages/role-model.ts'
import type { RoleSessionEndedPage } from './pages/role-session-ended-model.ts'
import type { RoleSessionPage } from './pages/role-session-model.ts'
import type { RolesPage } from './pages/roles-model.ts'
import type { SignInPage } from './pages/sign-in-model.ts'
import { momentOf } from './pages/time-text.ts'
import type { DevicePage, TerminalDecidedPage } from './terminals/device-model.ts'
import type { TerminalQuestionPage } from './terminals/terminal-question-model.ts'
import type { TerminalsPage } from './terminals/terminals-model.ts'
import { requestFacts } from './request-context.ts'
import { signInOf } from './visitor.ts'

/** Each view with what it is given. */
interface Views {
  'sign-in': SignInPage
  roles: RolesPage
  'no-roles': NoRolesPage
  role: RolePage
  'role-session': RoleSessionPage
  'role-session-ended': RoleSessionEndedPage
  'portal-link': PortalLinkPage
  carry: CarryPage
  'terminal-question': TerminalQuestionPage
  'terminal-decided': TerminalDecidedPage
  device: DevicePage
  terminals: TerminalsPage
  error: ErrorPage
}

interface PageOptions {
  readonly title: string
  /** 200 where left out. */
  readonly status?: number
  /** Token of the forms; the browser session's where left out. */
  readonly csrfToken?: string
}

/** Answers with a page. */
export type ShowPage = <View extends keyof Views>(
  answer: { readonly request: Request; readonly response: Response },
  view: View,
  page: Views[View],
  options: PageOptions,
) => void

/** `home` is the origin of the pages that are linked to, where that is another one than the page's own. */
export function createPageRenderer(
  parts: Pick<WebDependencies, 'settings' | 'effects'>,
  tokens: FormTokens,
  assets: string,
  home = '',
): ShowPage {
  const { settings, effects } = parts

  function visitorOf(request: Request): Frame['visitor'] {
    const signedIn = signInOf(request)
    const times = signedIn && request.session.times
    if (!times) return undefined
    const ends = sessionEnd(times.createdAt, times.seenAt, settings.browserSession, signedIn)
    return {
      name: signedIn.identity.name,
      method: signedIn.identity.methodLabel,
      sessionEnds: momentOf(new Date(ends), effects.now()),
    }
  }

  return ({ request, response }, view, page, options) => {
    const visitor = visitorOf(request)
    const frame: Frame = {
      title: options.title,
      organisation: settings.organisation,
      help: settings.help,
      banner: settings.banner,
      visitor,
      csrfToken: options.csrfToken ?? (visitor && tokens.session(request)),
      assets,
      home,
      requestId: requestFacts(request).requestId,
    }
    response.status(options.status ?? 200).render(view, { frame, page })
  }
}
