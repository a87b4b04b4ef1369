import { csrfSync } from 'csrf-sync'
import type { Request } from 'express'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CookieJar } from '../cookies.ts'
import { formOf } from './body.ts'

/** Whose token a form carries: of the browser session, or of a visitor who has none yet. */
export type TokenOf = 'session' | 'visitor'

/** The token in each form, without which no form is taken (synchronizer token pattern, OWASP). */
export interface FormTokens {
  /** A new token in the session that is about to be saved. */
  begin(request: Request): void
  session(request: Request): string | undefined
  /** Derived from the visitor's cookie alone, so that nothing is stored for people who only look at the sign-in. */
  visitor(visitorKey: string): string
  isFresh(request: Request, of: TokenOf): boolean
}

export function createFormTokens(jar: CookieJar): FormTokens {
  function kept(request: Request, of: TokenOf): string | undefined {
    if (of === 'session') return request.session.csrfToken ?? undefined
    const key = jar.visitor.read(request)
    return key === undefined ? undefined : visitorToken(key)
  }

  const session = synchronizer((request) => kept(request, 'session'))
  const visitor = synchronizer((request) => kept(request, 'visitor'))
  return {
    begin(request) {
      session.generateToken(request, true)
    },
    session: (request) => kept(request, 'session'),
    visitor: visitorToken,
    isFresh: (request, of) => (of === 'session' ? session : visitor).isRequestValid(request),
  }
}

function synchronizer(kept: (request: Request) => string | undefined) {
  return csrfSync({
    size: 32,
    getTokenFromState: kept,
    // csrf-sync compares with ===, which tells by its time how much was right. It sees the kept token or none.
    getTokenFromRequest: (request) => {
      const sent = formOf(request)['_csrf']
      const expected = kept(request)
      return sent !== undefined && expected !== undefined && isSame(sent, expected)
        ? expected
        : undefined
    },
  })
}

function visitorToken(visitorKey: string): string {
  return createHmac('sha256', visitorKey).update('sign-in form').digest('base64url')
}

function isSame(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
