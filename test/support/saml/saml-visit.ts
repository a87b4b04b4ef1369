import type { Answer, Browser } from '../browser.ts'
import type { WebApp } from '../web-app.ts'
import { genuinePlan, toBase64 } from './attack-kit.ts'
import { samlCast } from './saml-cast.ts'
import { assertionXml, type ResponsePlan, responseXml, signElement } from './saml-response.ts'
import type { Started } from './saml-target.ts'
import { postFromProvider, startJourney, webTarget } from './web-target.ts'

/** The fields that the provider's page would post: its response to a request, or an unasked one. */
export function responseFields(
  web: WebApp,
  started: Started | undefined,
  more: Partial<ResponsePlan> = {},
): { SAMLResponse: string; RelayState: string } {
  const plan = { ...genuinePlan(webTarget(web), started), ...more }
  const { idp } = samlCast()
  const assertion = signElement(assertionXml(plan), plan.assertionId, idp)
  const xml = signElement(responseXml(plan, assertion), plan.responseId, idp)
  return { SAMLResponse: toBase64(xml), RelayState: started?.relayState ?? '' }
}

/** Signs in by the provider, as the link on the sign-in page leads. Gives what the assertion consumer service answers. */
export async function signInBySaml(
  web: WebApp,
  browser: Browser,
  { query = '', ...more }: Partial<ResponsePlan> & { readonly query?: string } = {},
): Promise<Answer> {
  const started = await startJourney(browser, query)
  return postFromProvider(browser, '/saml/corp/acs', responseFields(web, started, more))
}
