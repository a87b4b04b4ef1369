import { html } from '../http/html.ts'
import { htmlReply, type Reply } from '../http/reply.ts'
import type { Switches } from '../switches.ts'

/**
 * The one answer to everything wrong: 400 with a page, never JSON, and nothing that tells causes apart.
 * AWS does not document it; older reports show the plain text, newer ones a branded page with a CSP header.
 */
export function federationError(style: Switches['federationErrorPage']): Reply {
  if (style === 'plain') {
    return {
      status: 400,
      headers: { 'content-type': 'text/html;charset=utf-8' },
      body: '<html><head><title>Error report</title></head><body><h1>HTTP Status 400 - Invalid credentials parameter</h1><p>The request sent by the client was syntactically incorrect (Invalid credentials parameter).</p></body></html>',
    }
  }
  return htmlReply(
    400,
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>Sign-in error (sandbox)</title>
        </head>
        <body>
          <h1>There was an error</h1>
          <p>This is a sandbox. Something in the request to the federation endpoint was wrong.</p>
        </body>
      </html>`,
  )
}
