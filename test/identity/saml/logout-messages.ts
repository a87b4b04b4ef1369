import type { LogoutOutcome } from '../../../src/identity/saml/accept-logout.ts'
import type { OutgoingMessage } from '../../../src/identity/saml/outgoing-message.ts'
import { SamlRefusal } from '../../../src/identity/saml/saml-refusal.ts'
import { toBase64 } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'
import { signedPost } from '../../support/saml/idp-logout.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'

export const { idp, attacker, serviceProvider } = samlCast()
export const { serviceProvider: provider } = coreTarget()

/** The code that something is refused with, or that it was accepted. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'accepted'
  } catch (error) {
    if (error instanceof SamlRefusal) return error.refusal
    throw error
  }
}

/** A message that comes by a redirect. */
export const byQuery = (rawQuery: string, browser?: string) =>
  provider.acceptLogout({ binding: 'redirect', rawQuery }, browser)

/** One that comes by a form. */
export const byPost = (fields: Record<string, unknown>, browser?: string) =>
  provider.acceptLogout(
    {
      binding: 'post',
      SAMLRequest: fields['SAMLRequest'],
      SAMLResponse: fields['SAMLResponse'],
      RelayState: fields['RelayState'],
    },
    browser,
  )

/** A request that is signed by the provider, and comes by a form. */
export const post = (xml: string, key = idp) =>
  byPost({ SAMLRequest: toBase64(signedPost(xml, key)) })

/** What Postern answers to a request once it has ended the session. */
export function replyOf(outcome: LogoutOutcome): OutgoingMessage {
  const reply = outcome.kind === 'request' ? outcome.reply(true) : undefined
  if (!reply) throw new Error('expected a reply')
  return reply
}
