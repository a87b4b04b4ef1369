import type { RequestHandler } from 'express'
import session from 'express-session'
import type { CookieJar } from '../cookies.ts'
import type { WebDependencies } from '../dependencies.ts'
import { SessionStore } from './session-store.ts'

/**
 * Browser sessions. Only a sign-in makes one. The cookie has no end of its own: the idle and the absolute end are kept on
 * the server, where nobody can move them.
 */
export function browserSessions(parts: WebDependencies, jar: CookieJar): RequestHandler {
  return session({
    name: jar.sessionName,
    store: new SessionStore(parts),
    genid: () => parts.effects.randomBytes(32).toString('base64url'),
    // express-session signs its cookie. The ID alone has 256 random bits and is looked up by its hash, so the signature
    // protects nothing, and its key need not be one; a fixed word lets all instances read each other's cookies.
    secret: 'postern',
    cookie: jar.attributes,
    resave: false,
    saveUninitialized: false,
  })
}
