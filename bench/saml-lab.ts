import { writeFileSync } from 'node:fs'
import type { Agent } from 'node:http'
import { join } from 'node:path'
import { Browser } from '../test/support/browser.ts'
import { genuinePlan, toBase64 } from '../test/support/saml/attack-kit.ts'
import { entityXml } from '../test/support/saml/idp-metadata.ts'
import { samlCast } from '../test/support/saml/saml-cast.ts'
import { assertionXml, responseXml, signElement } from '../test/support/saml/saml-response.ts'
import type { TestKey } from '../test/support/saml/self-signed.ts'
import { journeyCookie, startJourney } from '../test/support/saml/web-target.ts'

/** A sign-in that waits, with what the provider's page posts for it. */
export interface Prepared {
  readonly body: string
  readonly xml: string
  readonly nonce: string
}

/** The sign-in method `corp`, for a configuration in this folder. */
export function samlMethod(folder: string): object {
  const { idp, serviceProvider } = samlCast()
  writeFileSync(join(folder, 'idp.xml'), entityXml({ keys: [{ key: idp }] }))
  writeFileSync(join(folder, 'sp.pem'), serviceProvider.certificate)
  writeFileSync(join(folder, 'sp.key'), serviceProvider.privateKey)
  const signing = [{ certificate: '${file:sp.pem}', key: '${file:sp.key}' }]
  const attributes = { groups: 'groups' }
  return { id: 'corp', type: 'saml', people: 'staff', metadata: './idp.xml', signing, attributes }
}

const twenty = Array.from({ length: 20 }, (_, index) => index)
const groups = twenty.map((index) => `CN=AWS-Team${index},OU=Groups,OU=Cloud,DC=corp,DC=example`)
const roles = twenty.map(
  (index) =>
    `arn:aws:iam::1111111111${index + 10}:role/Role${index},arn:aws:iam::1111111111${index + 10}:saml-provider/Corp`,
)

/** Starts a sign-in, and makes a response to it with twenty groups and twenty roles, or so many bytes of groups. */
export async function prepare(
  url: string,
  key: TestKey = samlCast().idp,
  bytes?: number,
): Promise<Prepared> {
  const browser = new Browser(url)
  const started = await startJourney(browser)
  const target = {
    audience: `${url}/saml/corp/metadata`,
    recipient: `${url}/saml/corp/acs`,
    issuer: 'https://idp.example/entity',
    now: () => Date.now(),
    begin: () => Promise.resolve(started),
    post: () => Promise.reject(new Error('nothing is posted here')),
  }
  const names = bytes === undefined ? groups : filling(bytes)
  const attributes = { groups: names, 'https://aws.amazon.com/SAML/Attributes/Role': roles }
  const plan = { ...genuinePlan(target, started), attributes }
  const assertion = signElement(assertionXml(plan), plan.assertionId, key)
  const xml = signElement(responseXml(plan, assertion), plan.responseId, key)
  const fields = { SAMLResponse: toBase64(xml), RelayState: started.relayState }
  return { xml, body: new URLSearchParams(fields).toString(), nonce: started.browser }
}

/** Groups that make a response of about so many bytes. */
function filling(bytes: number): readonly string[] {
  const name = groups[0] ?? ''
  const each = Buffer.byteLength(`<saml:AttributeValue>${name}</saml:AttributeValue>`)
  return Array.from({ length: Math.floor((bytes - 12_000) / each) }, (_, index) =>
    name.replace('Team0', `Team${index}`),
  )
}

/** Posts what was prepared; gives the status. */
export async function postPrepared(
  url: string,
  { body, nonce }: Prepared,
  agent: Agent,
): Promise<number> {
  const browser = new Browser(url, agent)
  browser.cookies.set(journeyCookie, nonce)
  const headers = {
    'sec-fetch-site': 'cross-site',
    'content-type': 'application/x-www-form-urlencoded',
  }
  return (await browser.send('POST', '/saml/corp/acs', { headers, body })).status
}
