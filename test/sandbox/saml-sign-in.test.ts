import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { FORM_TYPE, type Fields } from './federation-client.ts'
import { form, raw, type RawAnswer } from './raw-http.ts'
import {
  type AssertionPlan,
  awsAttributes,
  plan,
  samlResponse,
  strangerKey,
} from './saml-signer.ts'
import { forRoles, samlWorld, trustsProvider } from './saml-world.ts'
import { policy, role } from './test-world.ts'

const NOW = new Date('2026-11-20T12:00:00Z')

let aws: Sandbox
beforeAll(async () => {
  const roles = [
    role('Short', policy(trustsProvider()), { maxSessionDuration: 3600 }),
    role('Locked', policy(trustsProvider({ Condition: { StringEquals: { 'SAML:aud': 'x' } } }))),
  ]
  aws = await startSandbox({ world: samlWorld(roles), now: () => NOW })
})
afterAll(() => aws.close())

async function post(fields: Fields): Promise<RawAnswer> {
  return await raw(aws.url, { path: '/saml', headers: FORM_TYPE, body: form(fields) })
}

function response(
  attributes: Record<string, string[]> = {},
  more: Partial<AssertionPlan> = {},
): string {
  return samlResponse(plan(NOW, { attributes: awsAttributes(attributes), ...more }))
}

async function home({ headers }: RawAnswer): Promise<string> {
  const cookie = String(headers['set-cookie']).split(';')[0] ?? ''
  const path = headers['location'] ?? ''
  const page = await raw(aws.url, { method: 'GET', path: String(path), headers: { cookie } })
  expect(page.status).toBe(200)
  return page.body
}

describe("the console's own sign-in by SAML", () => {
  test('with one role signs in at once', async () => {
    const answer = await post({ SAMLResponse: response({ SourceIdentity: ['alice'] }) })
    expect(answer).toMatchObject({ status: 302, headers: { location: '/console/home' } })
    const page = await home(answer)
    expect(page).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice')
    expect(page).toContain('(in 1 h 0 min)')
    expect(aws.issued().at(-1)).toMatchObject({
      api: 'ConsoleSamlSignIn',
      roleSessionName: 'alice',
      sourceIdentity: 'alice',
    })
  })

  test('lasts as SessionDuration says, within the role and the session at the provider', async () => {
    const long = { SessionDuration: ['43200'] }
    expect(await home(await post({ SAMLResponse: response(long) }))).toContain('(in 12 h 0 min)')
    const ends = response(long, { sessionEnds: 1800 })
    expect(await home(await post({ SAMLResponse: ends }))).toContain('(in 30 min)')
    const refused = await post({ SAMLResponse: response({ ...long, Role: forRoles('Short') }) })
    expect(refused.status).toBe(400)
    expect(refused.body).toContain(
      'exceeds the MaxSessionDuration set for this role. (service: AWSSecurityTokenService; status code: 400; error code: ValidationError)',
    )
  })

  test('with several roles lets the user choose, and verifies again', async () => {
    const SAMLResponse = response({ Role: forRoles('Saml', 'Short', 'Locked') })
    const page = await post({ SAMLResponse, RelayState: 'https://console.aws.amazon.com/s3/home' })
    expect(page.status).toBe(200)
    expect(page.headers).not.toHaveProperty('set-cookie')
    expect(page.body).toContain('Short in 111111111111')
    expect(page.body.match(/<button/g)).toHaveLength(3)
    const [roleIndex = ''] = /arn:aws:iam::111111111111:role\/Short/.exec(page.body) ?? []
    const chosen = await post({
      SAMLResponse,
      roleIndex,
      RelayState: 'https://console.aws.amazon.com/s3/home',
    })
    expect(chosen.headers['location']).toBe('/console/s3/home')
    expect(await home(chosen)).toContain('assumed-role/Short/alice')
    const forged = samlResponse(
      plan(NOW, { attributes: awsAttributes({ Role: forRoles('Saml', 'Short') }) }),
      { key: strangerKey },
    )
    expect((await post({ SAMLResponse: forged })).body).toContain('Response signature invalid')
    expect((await post({ SAMLResponse: forged, roleIndex })).body).toContain('signature invalid')
    const other = await post({ SAMLResponse, roleIndex: 'arn:aws:iam::111111111111:role/Admin' })
    expect(other.body).toContain('Select a role')
  })

  test('says no in the words of STS', async () => {
    const locked = await post({ SAMLResponse: response({ Role: forRoles('Locked') }) })
    expect(locked.status).toBe(403)
    expect(locked.body).toContain(
      'Not authorized to perform sts:AssumeRoleWithSAML (service: AWSSecurityTokenService; status code: 403; error code: AccessDenied)',
    )
  })

  test.each([
    ['no response', {}],
    ['no base64', { SAMLResponse: '<xml>' }],
    ['no role', { SAMLResponse: response({ Role: [] }) }],
    ['no pair', { SAMLResponse: response({ Role: ['Admin'] }) }],
    ['too much', { SAMLResponse: 'A'.repeat(100_001) }],
  ])('refuses %s', async (_, fields) => {
    const answer = await post(fields)
    expect(answer.status).toBe(400)
    expect(answer.body).toContain('Your request included an invalid SAML response.')
    expect(answer.headers).not.toHaveProperty('set-cookie')
  })

  test('never leads elsewhere', async () => {
    for (const RelayState of ['https://evil.example/', '//evil.example', 'javascript:alert(1)']) {
      const answer = await post({ SAMLResponse: response(), RelayState })
      expect(answer.headers['location']).toBe('/console/home')
    }
  })

  test('takes no GET, and publishes where to send browsers', async () => {
    const get = await raw(aws.url, {
      method: 'GET',
      path: `/saml?${form({ SAMLResponse: response() })}`,
    })
    expect(get.status).toBe(400)
    const metadata = await raw(aws.url, {
      method: 'GET',
      path: '/static/saml-metadata.xml',
      headers: { host: `localhost:${aws.port}` },
    })
    expect(metadata.body).toContain('entityID="urn:amazon:webservices"')
    expect(metadata.body).toContain(`Location="http://localhost:${aws.port}/saml"`)
  })
})
