import type { OutgoingMessage } from '../../identity/saml/outgoing-message.ts'
import { seeOther } from '../answers.ts'
import type { Exchange } from '../exchange.ts'
import type { ShowPage } from '../page-renderer.ts'

/** What the page says while the browser is on its way. */
interface Words {
  readonly heading: string
  readonly text: string
  /** Of the button or link, for browsers that don't go on by themselves. */
  readonly label: string
}

/**
 * Hands a message to the browser to carry. After a form of ours even a redirect becomes a page that goes on by itself:
 * browsers hold all redirects that follow a form to form-action, and where the provider leads on to is not ours to know.
 */
export function carryMessage(
  exchange: Exchange,
  message: OutgoingMessage,
  words: Words,
  showPage: ShowPage,
): void {
  const { request, response } = exchange
  if (message.binding === 'redirect' && request.method === 'GET') {
    seeOther(response, message.url)
    return
  }
  const { url } = message
  if (message.binding === 'redirect') response.setHeader('Refresh', `0; url=${url}`)
  const fields =
    message.binding === 'post'
      ? Object.entries(message.fields).map(([name, value]) => ({ name, value }))
      : undefined
  showPage(exchange, 'carry', { ...words, url, fields }, { title: words.heading })
}
