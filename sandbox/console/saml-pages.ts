import { Html, html } from '../http/html.ts'
import type { RolePair } from '../sts/saml/role-pairs.ts'
import type { StsError } from '../sts/sts-error.ts'
import { page } from './pages.ts'

/** AWS's words for a response that names no role or can't be read (IAM User Guide, troubleshoot_saml). */
export const invalidSamlPage = page(
  'Sign-in failed',
  html`<h1>You are not signed in</h1>
    <p>Your request included an invalid SAML response.</p>
    <p><a href="/oauth?Action=logout">Log out</a></p>`,
)

/** What STS said, in the form in which the console's sign-in shows it. */
export function refusedSamlPage({ status, code, message }: StsError): Html {
  const details = `(service: AWSSecurityTokenService; status code: ${status}; error code: ${code})`
  return page(
    'Sign-in failed',
    html`<h1>You are not signed in</h1>
      <p>${message} ${details}</p>
      <p><a href="/oauth?Action=logout">Log out</a></p>`,
  )
}

/** A choice among several roles. The response travels on, and is verified again. */
export function rolesPage(pairs: readonly RolePair[], response: string, relayState: string): Html {
  const buttons = pairs.map(({ roleArn }) => {
    const [, , , , account = '', resource = ''] = roleArn.split(':')
    const name = resource.slice('role/'.length)
    return html`<li><button name="roleIndex" value="${roleArn}">${name} in ${account}</button></li>`
      .text
  })
  return page(
    'Select a role',
    html`<h1>Select a role</h1>
      <form method="post" action="/saml">
        <input type="hidden" name="SAMLResponse" value="${response}" />
        <input type="hidden" name="RelayState" value="${relayState}" />
        <ul>
          ${new Html(buttons.join(''))}
        </ul>
      </form>`,
  )
}
