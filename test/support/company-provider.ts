import { once } from 'node:events'
import { createServer } from 'node:http'
import { arnOf, companyProvider } from './issuer-world.ts'
import { genuinePlan, toBase64 } from './saml/attack-kit.ts'
import { entityXml, service } from './saml/idp-metadata.ts'
import { readRequest } from './saml/read-request.ts'
import { samlCast } from './saml/saml-cast.ts'
import { assertionXml, responseXml, signElement } from './saml/saml-response.ts'
import type { Started } from './saml/saml-target.ts'

/** Roles that the company's identity provider names, whose responses are passed on. */
export const passedRoles = ['Passed', 'PassedToo'] as const
type PassedRole = (typeof passedRoles)[number]

/** The company's identity provider, which knows bob and asks him nothing. */
export interface CompanyProvider extends AsyncDisposable {
  readonly metadata: string
  /** The roles that its page names for bob. */
  names: readonly PassedRole[]
}

/** Starts it, for the Postern at `url`. */
export async function startCompanyProvider(url: string): Promise<CompanyProvider> {
  const server = createServer((request, response) => {
    const { requestId } = readRequest(`http://localhost${request.url ?? ''}`)
    const relayState = new URL(`http://localhost${request.url ?? ''}`).searchParams.get(
      'RelayState',
    )
    const started = { requestId, relayState: relayState ?? '', browser: '' }
    const fields = companyResponse(url, started, provider.names)
    const inputs = Object.entries(fields).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    )
    response.setHeader('content-type', 'text/html')
    response.end(
      `<form method="post" action="${url}/saml/corp/acs">${inputs.join('')}</form><script>document.forms[0].submit()</script>`,
    )
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const provider: CompanyProvider = {
    metadata: entityXml({
      keys: [{ key: samlCast().idp, use: 'signing' }],
      signIn: service('SingleSignOnService', 'redirect', `http://localhost:${address.port}/sso`),
    }),
    names: ['Passed'],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return provider
}

const awsAttribute = (name: string): string => `https://aws.amazon.com/SAML/Attributes/${name}`

/** What the provider posts to the Postern at `url`: bob, with these roles. */
export function companyResponse(
  url: string,
  started: Started,
  roles: readonly PassedRole[],
): { readonly SAMLResponse: string; readonly RelayState: string } {
  const target = {
    audience: 'urn:amazon:webservices',
    recipient: `${url}/saml/corp/acs`,
    issuer: 'https://idp.example/entity',
    now: () => Date.now(),
    begin: () => Promise.reject(new Error('nothing begins here')),
    post: () => Promise.reject(new Error('nothing is posted here')),
  }
  const plan = {
    ...genuinePlan(target, started),
    attributes: {
      [awsAttribute('Role')]: roles.map((name) => `${arnOf(name)},${companyProvider}`),
      [awsAttribute('RoleSessionName')]: ['bob'],
    },
  }
  const { idp } = samlCast()
  const assertion = signElement(assertionXml(plan), plan.assertionId, idp)
  const response = signElement(responseXml(plan, assertion), plan.responseId, idp)
  return { SAMLResponse: toBase64(response), RelayState: started.relayState }
}
