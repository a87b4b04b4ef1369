import type { Effects } from '../../effects.ts'
import type { SamlMethod } from '../../identity/saml/saml-method.ts'
import type { CookieJar } from '../cookies.ts'
import type { Exchange } from '../exchange.ts'

/** The random value that a browser's journeys to providers are bound to, with its end moved on. Tabs share it. */
export function journeyNonce(
  { request, response }: Exchange,
  jar: CookieJar,
  { randomBytes }: Pick<Effects, 'randomBytes'>,
  { requestLifetimeSeconds }: SamlMethod,
): string {
  const nonce = jar.journey.read(request) ?? randomBytes(32).toString('base64url')
  jar.journey.set(response, nonce, requestLifetimeSeconds)
  return nonce
}
