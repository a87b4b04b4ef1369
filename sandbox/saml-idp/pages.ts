import { Html, html } from '../http/html.ts'
import { htmlReply, type Reply } from '../http/reply.ts'
import type { IdpUser } from './demo-users.ts'
import type { Listed } from './service-providers.ts'

export const STYLESHEET_PATH = '/idp.css'
export const SCRIPT_PATH = '/post.js'

/** What the form that submits itself runs; without it there is a button. */
export const POST_SCRIPT = 'document.forms[0].submit()\n'

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'"

function page(title: string, content: Html, script: Html = html``): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · demo identity provider</title>
        <link rel="stylesheet" href="${STYLESHEET_PATH}" />
        ${script}
      </head>
      <body>
        <header>
          <strong>Stand-in. Nothing here is real.</strong> This plays a company’s identity provider,
          and asks for no password.
        </header>
        <main>${content}</main>
      </body>
    </html>`
}

function formAction(origins: readonly string[]): Readonly<Record<string, string>> {
  const sources = ["'self'", ...new Set(origins)].join(' ')
  return { 'content-security-policy': `${POLICY}; form-action ${sources}` }
}

/** The people to choose from; `pending` is the sealed sign-on to go on with. */
export function signInPage(
  users: readonly IdpUser[],
  pending: string,
  service: string | undefined,
): Reply {
  const buttons = users.map(
    (user) =>
      html`<li>
        <button name="user" value="${user.name}">
          <strong>${user.displayName}</strong> <span>${about(user)}</span>
        </button>
      </li>`.text,
  )
  const why = service === undefined ? html`` : html`<p>${service} wants to know who you are.</p>`
  const content = html`<h1>Sign in</h1>
    ${why}
    <form method="post" action="/sign-in">
      <input type="hidden" name="pending" value="${pending}" />
      <ul class="people">
        ${new Html(buttons.join(''))}
      </ul>
    </form>`
  return htmlReply(200, page('Sign in', content), formAction([]))
}

function about({ groups, awsRoles }: IdpUser): string {
  const inGroups = groups.length === 0 ? 'in no group' : `in ${groups.join(' and ')}`
  const count = awsRoles.length
  return count === 0 ? inGroups : `${inGroups}, with ${count} roles in AWS`
}

/** Who is signed in, and where to go from here. `origins` are those that a sign-out leads to. */
export function homePage(
  user: IdpUser,
  services: readonly Listed[],
  origins: readonly string[],
): Reply {
  const items = services.map(({ label, fault }, i) =>
    fault === undefined
      ? html`<li><a href="/start?sp=${i}">${label}</a></li>`.text
      : html`<li>${label} <small>can’t be reached: ${fault}</small></li>`.text,
  )
  const content = html`<h1>${user.displayName}</h1>
    <p>You are signed in as <code>${user.name}</code>, ${about(user)}.</p>
    <h2>Start at</h2>
    <ul>
      ${new Html(items.join(''))}
    </ul>
    <form method="post" action="/sign-out"><button>Sign out everywhere</button></form>`
  return htmlReply(200, page(user.displayName, content), formAction(origins))
}

/**
 * A form that submits itself. Without form-action in the policy, because browsers hold redirects that follow the
 * POST to it, and where a service provider leads on is its own business.
 */
export function postPage(
  to: string,
  field: string,
  value: string,
  relayState: string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const state =
    relayState === undefined
      ? html``
      : html`<input type="hidden" name="RelayState" value="${relayState}" />`
  const content = html`<h1>One moment</h1>
    <form method="post" action="${to}">
      <input type="hidden" name="${field}" value="${value}" />
      ${state}
      <button>Continue to ${new URL(to).host}</button>
    </form>`
  const script = html`<script src="${SCRIPT_PATH}" defer></script>`
  const policy = { 'content-security-policy': POLICY }
  return htmlReply(200, page('One moment', content, script), { ...policy, ...headers })
}

/** The end of a sign-out; `failed` are those that did not confirm it. */
export function signedOutPage(
  failed: readonly string[],
  headers: Readonly<Record<string, string>>,
): Reply {
  const rest =
    failed.length === 0
      ? html`<p>You are signed out here and wherever you went from here.</p>`
      : html`<p>You are signed out here. These did not confirm it: ${failed.join(', ')}.</p>`
  const content = html`<h1>Signed out</h1>
    ${rest}
    <p><a href="/">Sign in again</a></p>`
  return htmlReply(200, page('Signed out', content), headers)
}

/** A refusal that no service provider can be told. */
export function refusalPage(message: string): Reply {
  const content = html`<h1>This request was refused</h1>
    <p>${message}</p>
    <p><a href="/">To the identity provider</a></p>`
  return htmlReply(400, page('Refused', content))
}
