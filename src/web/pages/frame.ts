import type { Moment } from './time-text.ts'

/**
 * What each view is given, as `locals.frame` and `locals.page`. Views hold no logic beyond loops and conditions, and
 * never see a request; every text that depends on time, duration or role is made by the models (`*-model.ts`).
 *
 * Addresses that the views link or post to:
 *
 * | method and path | fields |
 * |---|---|
 * | GET `/` | |
 * | GET `/role?account=&role=` | one role: durations, region, start page (view `role`) |
 * | GET `/sign-in/{method}` | a redirect method; `continue` |
 * | POST `/sign-in/{method}` | `username`, `password`, `continue` (hidden, from the page's `continuation`) |
 * | POST `/sign-out` | |
 * | POST `/role-sessions` | `role` (ARN), `console` (`true` or `false`), `duration`, `consoleDuration`, `region`, `destination` |
 * | GET `/role-sessions/{id}?format=&region=&profile=&show=secrets` | all optional |
 * | POST `/role-sessions/{id}/console-url` | |
 * | POST `/console` | `account`, `role`, `destination` (view `portal-link`) |
 * | POST `/authorize` | the query as it came, `decision` (`approve` or `deny`; view `terminal-question`) |
 * | GET and POST `/device` | `user_code`, `decision` |
 * | GET and POST `/terminals` | `terminal`, the one to end |
 *
 * Every form that posts carries `_csrf`. A field left empty is as good as none. Files are asked for as
 * `/public/postern.css?v={assets}`; modules import one another without the hash, so only an address with it may be
 * cached for long.
 */

/** On every page. */
export interface Frame {
  readonly title: string
  /** Name of the organisation, for the footer, and where to turn for help; undefined leaves them out. */
  readonly organisation: string | undefined
  readonly help: { readonly label: string; readonly href: string } | undefined
  /** Undefined before sign-in. */
  readonly visitor:
    { readonly name: string; readonly method: string; readonly sessionEnds: Moment } | undefined
  /** CSRF token of the forms on the page (sign-out among them); undefined on pages without forms. */
  readonly csrfToken: string | undefined
  /** Hash of the files in /public, for caching. */
  readonly assets: string
  /** Stands in front of links to pages: their origin where it is another one, or nothing. */
  readonly home: string
  readonly requestId: string
  /** A line at the top of each page, in the operator's words. */
  readonly banner?: string | undefined
}
