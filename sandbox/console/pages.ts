import { Html, html } from '../http/html.ts'
import type { ConsoleSession } from './console-session.ts'

export const STYLESHEET_PATH = '/_sandbox/console.css'

/** A page of the stand-in; it says in its head that nothing is real. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · sandbox console</title>
        <link rel="stylesheet" href="${STYLESHEET_PATH}" />
      </head>
      <body>
        <header>
          <strong>Stand-in. Nothing here is real.</strong> This is Postern’s sandbox, not AWS.
        </header>
        <main>${content}</main>
      </body>
    </html>`
}

/** Who is signed in, as what, until when. */
export function homePage(session: ConsoleSession, region: string, path: string, now: Date): Html {
  const [kind = '', name = '', sessionName = ''] = session.arn.split('/')
  const federated = kind.endsWith(':federated-user')
  const rows: (readonly [string, string | Html])[] = [
    ['Signed in as', html`<code>${session.arn}</code>`],
    ['Account', session.account],
    ...(federated
      ? ([['Federated user', name]] as const)
      : ([
          ['Role', name],
          ['Role session name', sessionName],
        ] as const)),
    ['Source identity', session.sourceIdentity ?? 'none'],
    ['Region', region],
    ['Page', html`<code>${path}</code>`],
    ['Session ends', ending(session, now)],
  ]
  const list = rows.map(
    ([name, value]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`.text,
  )
  return page(
    `${name} in ${session.account}`,
    html`<h1>${name} <small>in ${session.account}</small></h1>
      <dl>${new Html(list.join(''))}</dl>
      <form method="post" action="/console/sign-out"><button>Sign out</button></form>`,
  )
}

function ending(session: ConsoleSession, now: Date): Html {
  const minutes = Math.ceil((session.expiresAt - now.getTime()) / 60_000)
  const left = minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  const iso = new Date(session.expiresAt).toISOString()
  const text = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
  return html`<time datetime="${iso}">${text}</time> (in ${left})`
}

export function expiredPage(session: ConsoleSession): Html {
  const again =
    session.issuer === undefined
      ? html`<p>The sign-in URL named no Issuer to go back to.</p>`
      : html`<p><a href="${session.issuer}">Sign in again</a></p>`
  return page(
    'Session expired',
    html`<h1>Your session has expired</h1>
      <p>You were signed in as <code>${session.arn}</code>.</p>
      ${again}`,
  )
}

export const signedOutPage = page(
  'Signed out',
  html`<h1>You are not signed in</h1>
    <p>A sign-in URL from Postern opens a session here.</p>`,
)

/** What AWS answers when a browser already holds another identity (without multi-session). */
export function logOutFirstPage(arn: string): Html {
  return page(
    'Log out first',
    html`<h1>You must first log out before logging into a different AWS account</h1>
      <p>You are signed in as <code>${arn}</code>.</p>
      <p><a href="/oauth?Action=logout">Log out</a></p>`,
  )
}

/** For a person who opens the bare address of the sandbox. AWS sends such a person to a product page. */
export const frontPage = page(
  'Sandbox',
  html`<h1>An emulated AWS</h1>
    <p>STS answers at <code>/</code>, the federation endpoint at <code>/federation</code>.</p>
    <p><a href="/console/home">The console stand-in</a></p>`,
)
