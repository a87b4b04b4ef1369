import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.ts'
import { createBroker } from '../../../src/broker.ts'
import { SignInTooOld } from '../../../src/errors.ts'
import { createAssumeRoleWithSamlIssuer } from '../../../src/issuers/assume-role-with-saml.ts'
import { passedAssertions } from '../../../src/issuers/passed-assertion.ts'
import { reusingIssuer } from '../../../src/issuers/reusing-issuer.ts'
import { policy, role, worldWith } from '../../sandbox/test-world.ts'
import { trustsProvider } from '../../sandbox/saml-world.ts'
import { catalogueOf, roleOf } from '../../support/broker-fakes.ts'
import type { Browser } from '../../support/browser.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { entityXml } from '../../support/saml/idp-metadata.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import { responseFields, signInBySaml } from '../../support/saml/saml-visit.ts'
import { readRequest } from '../../support/saml/read-request.ts'
import { journeyCookie, postFromProvider, startSamlWeb } from '../../support/saml/web-target.ts'
import type { WebApp } from '../../support/web-app.ts'

const roleArn = 'arn:aws:iam::111111111111:role/Saml'
const providerArn = 'arn:aws:iam::111111111111:saml-provider/Corp'
const otherArn = 'arn:aws:iam::111111111111:role/Other'
const saml = roleOf(roleArn, { issuer: 'adfs' })

/** What the provider says: for AWS, with the role in either order. */
function said(order: 'role first' | 'provider first' = 'role first') {
  const pair = order === 'role first' ? [roleArn, providerArn] : [providerArn, roleArn]
  return {
    audience: 'urn:amazon:webservices',
    attributes: {
      groups: ['readers'],
      'https://aws.amazon.com/SAML/Attributes/Role': [pair.join(',')],
      'https://aws.amazon.com/SAML/Attributes/RoleSessionName': ['alice.anders'],
    },
  }
}

/** Two roles and their provider. */
function saidBoth() {
  const attributes = {
    ...said().attributes,
    'https://aws.amazon.com/SAML/Attributes/Role': [
      `${roleArn},${providerArn}`,
      `${providerArn},${otherArn}`,
    ],
  }
  return { ...said(), attributes }
}

/** The web face with the method corp, whose responses go on to a sandbox that trusts corp's provider for this Postern. */
async function passingOn(
  ...others: readonly string[]
): Promise<{ web: WebApp; aws: () => Sandbox }> {
  const clock = { web: undefined as WebApp | undefined }
  const now = () => new Date(clock.web?.now ?? Date.now())
  const started: { sandbox?: Sandbox } = {}
  const aws = () => {
    if (!started.sandbox) throw new Error('not started')
    return started.sandbox
  }
  const web = await startSamlWeb({
    saml: { spEntityId: 'urn:amazon:webservices' },
    dependencies: (built, app) => ({
      passesOn: new Set(['corp']),
      broker: createBroker({
        catalogue: catalogueOf(saml, ...others.map((arn) => roleOf(arn, { issuer: 'adfs' }))),
        issuers: new Map([
          [
            'adfs',
            reusingIssuer(
              createAssumeRoleWithSamlIssuer({
                name: 'adfs',
                assertionFor: passedAssertions('corp', { now }),
                tooOld: () => new SignInTooOld('corp'),
                able: ['policy', 'policyArns'],
                stsEndpoint: () => aws().url,
                effects: { ...heldEffects(now()), now },
                logger: app.logger,
              }),
              { effects: { now }, seconds: 60 },
            ),
          ],
        ]),
        consoleSignIn: app.console,
        audit: app.trail,
        effects: built.effects,
        logger: app.logger,
        metrics: { roleSession: () => undefined, consoleUrl: () => undefined },
        publicUrl: built.settings.publicUrl.origin,
      }),
    }),
  })
  clock.web = web
  const trust = trustsProvider({
    Principal: { Federated: providerArn },
    Condition: { StringEquals: { 'SAML:aud': `${web.origin}/saml/corp/acs` } },
  })
  const roles = [role('Saml', policy(trust)), role('Other', policy(trust))]
  const [first, ...accounts] = worldWith(roles).accounts
  if (!first) throw new Error('no account')
  const metadata = entityXml({ keys: [{ key: samlCast().idp, use: 'signing' }] })
  const account = { ...first, samlProviders: [{ name: 'Corp', metadata }] }
  started.sandbox = await startSandbox({ world: { accounts: [account, ...accounts] }, now })
  onTestFinished(() => aws().close())
  return { web, aws }
}

async function ask(browser: Browser) {
  return browser.askFor(roleArn, false)
}

describe('a response that is passed on', () => {
  test.each(['role first', 'provider first'] as const)(
    'is exchanged by AWS for the role that it names, %s',
    async (order) => {
      const { web, aws } = await passingOn()
      const browser = web.browser()
      await signInBySaml(web, browser, said(order))
      const answer = await ask(browser)
      expect(answer.status, answer.text).toBe(303)
      const page = await browser.get(answer.location ?? '')
      expect(page.text).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice.anders')
      expect(aws().issued()).toMatchObject([
        { api: 'AssumeRoleWithSAML', roleSessionName: 'alice.anders' },
      ])
      expect(web.trail.events.at(-1)).toMatchObject({
        type: 'role-session-issued',
        roleSessionName: 'alice.anders',
        accessKeyId: aws().issued()[0]?.accessKeyId,
      })
    },
  )

  test('lies nowhere in the clear, and in no log, trail or page', async () => {
    const { web } = await passingOn()
    const browser = web.browser()
    const start = await browser.get('/sign-in/corp')
    const { requestId } = readRequest(start.location ?? '')
    const relayState = new URL(start.location ?? '').searchParams.get('RelayState') ?? ''
    const started = { requestId, relayState, browser: browser.cookies.get(journeyCookie) ?? '' }
    const fields = responseFields(web, started, said())
    await postFromProvider(browser, '/saml/corp/acs', fields)
    const page = await browser.get((await ask(browser)).location ?? '')
    const part = fields.SAMLResponse.slice(2000, 2100)
    expect(part).toHaveLength(100)
    expect(page.text + web.logger.text() + JSON.stringify(web.trail.events)).not.toContain(part)
    const key = browser.cookies.get('postern-key') ?? ''
    const { createHash } = await import('node:crypto')
    const idHash = createHash('sha256').update(`postern kept assertion:${key}`).digest('base64url')
    const kept = await web.state.signInStates.read(idHash, web.now)
    expect(kept?.data.length).toBeGreaterThan(2000)
    const stored = Buffer.from(kept?.data ?? '', 'base64url').toString('latin1')
    expect(stored).not.toContain(part)
    expect(stored).not.toContain('saml-provider')
    expect(kept?.expiresAt).toBeLessThanOrEqual(web.now + 300_000)
  })

  test('is of no use to another browser with the same session cookie', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, said())
    const thief = web.browser()
    thief.cookies.set('postern', browser.cookies.get('postern') ?? '')
    const answer = await ask(thief)
    expect(answer.location).toMatch(/^\/sign-in\/corp\?again=yes&continue=\d+$/)
    expect(aws().issued()).toEqual([])
  })

  test('that does not name the role is no way to it', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, { ...said(), attributes: { groups: ['readers'] } })
    expect((await ask(browser)).status).toBe(403)
    expect(aws().issued()).toEqual([])
  })
})

describe('after the sign-in', () => {
  test('the only role is taken straight away, and its result shown', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    const back = await signInBySaml(web, browser, said())
    expect(back.location).toMatch(/^\/role-sessions\/resume\?arrival=\d+$/)
    expect(aws().issued()).toEqual([])
    const issued = await browser.get(back.location ?? '')
    expect(issued.location).toMatch(/^\/role-sessions\/[\w-]{22}$/)
    const result = await browser.get(issued.location ?? '')
    expect(result.text).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice.anders')
    expect(web.console.orders).toHaveLength(1)
    expect(web.trail.events.map(({ type }) => type)).toEqual([
      'signed-in',
      'role-session-requested',
      'role-session-issued',
      'console-url-issued',
    ])

    // Once, and for this browser alone.
    expect((await browser.get(back.location ?? '')).status).toBe(404)
    expect(aws().issued()).toHaveLength(1)
  })

  test('is nothing that another browser could take up', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    const back = await signInBySaml(web, browser, said())
    const thief = web.browser()
    thief.cookies.set('postern', browser.cookies.get('postern') ?? '')
    expect((await thief.get(back.location ?? '')).status).toBe(404)
    expect(aws().issued()).toEqual([])
  })

  test('whoever was signed in already, and sent there by another page, ends at the list', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await browser.get((await signInBySaml(web, browser, said())).location ?? '')
    expect(aws().issued()).toHaveLength(1)
    const back = await signInBySaml(web, browser, { ...said(), query: '?again=yes' })
    const onward = await browser.get(back.location ?? '')
    expect(onward.location).toBe('/')
    expect(aws().issued()).toHaveLength(1)
  })

  test('several roles are listed to choose from', async () => {
    const { web, aws } = await passingOn(otherArn)
    const browser = web.browser()
    const back = await signInBySaml(web, browser, saidBoth())
    expect(back.location).toBe('/')
    const page = await browser.get('/')
    expect(page.text).toContain(roleArn)
    expect(page.text).toContain(otherArn)
    expect(aws().issued()).toEqual([])
    const { location = '' } = await browser.askFor(otherArn, false)
    const result = await browser.get(location)
    expect(result.text).toContain('arn:aws:sts::111111111111:assumed-role/Other/alice.anders')
  })

  test('an only role that the response does not bring is listed', async () => {
    const { web } = await passingOn()
    const attributes = { groups: ['readers'] }
    const back = await signInBySaml(web, web.browser(), { ...said(), attributes })
    expect(back.location).toBe('/')
  })

  test('whoever was on the way to a page of their own goes on to it', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    const sent = await browser.get('/role?account=111111111111&role=Saml')
    const { search } = new URL(sent.location ?? '', web.origin)
    const back = await signInBySaml(web, browser, { ...said(), query: search })
    expect(back.location).toMatch(/^\/sign-in\?continue=\d+$/)
    const onward = await browser.get(back.location ?? '')
    expect(onward.location).toBe('/role?account=111111111111&role=Saml')
    expect(aws().issued()).toEqual([])
  })
})

describe('a sign-in that is too old for AWS', () => {
  test('leads through the provider once more, and on to the result', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    // The library knows no clock but the machine's, and takes two minutes of difference either way.
    web.pass(-200)
    await signInBySaml(web, browser, said())
    web.pass(285)
    const sent = await ask(browser)
    expect(sent.status).toBe(303)
    expect(sent.location).toMatch(/^\/sign-in\/corp\?again=yes&continue=\d+$/)
    expect(aws().issued()).toEqual([])

    // The provider remembers the person, and answers at once.
    const start = await browser.get(sent.location ?? '')
    const request = new URL(start.location ?? '')
    expect(readRequest(start.location ?? '').xml).not.toContain('ForceAuthn="true"')
    const started = {
      requestId: readRequest(start.location ?? '').requestId,
      relayState: request.searchParams.get('RelayState') ?? '',
      browser: browser.cookies.get(journeyCookie) ?? '',
    }
    const back = await postFromProvider(
      browser,
      '/saml/corp/acs',
      responseFields(web, started, said()),
    )
    const onward = await browser.get(back.location ?? '')
    const resumed = await browser.get(onward.location ?? '')
    expect(resumed.location).toMatch(/^\/role-sessions\/[\w-]{22}$/)
    const result = await browser.get(resumed.location ?? '')
    expect(result.text).toContain('arn:aws:sts::111111111111:assumed-role/Saml/alice.anders')
    expect(aws().issued()).toHaveLength(1)

    // What waited is used up.
    expect((await browser.get(onward.location ?? '')).status).toBe(404)
    expect(aws().issued()).toHaveLength(1)
  })

  test('is not asked for again and again: what is too old after the provider is an error', async () => {
    const { web } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, said())
    web.pass(290)
    const sent = await ask(browser)
    const number = new URL(sent.location ?? '', web.origin).searchParams.get('continue') ?? ''
    const resumed = await browser.get(`/role-sessions/resume?continue=${number}`)
    expect(resumed.status).toBe(401)
    expect(resumed.text).toContain('five minutes')
  })

  test('resumes nothing that no form of this browser asked for', async () => {
    const { web, aws } = await passingOn()
    const browser = web.browser()
    await signInBySaml(web, browser, said())
    for (const query of ['', '?continue=0', '?continue=15', '?continue=x'])
      expect((await browser.get(`/role-sessions/resume${query}`)).status).toBe(404)
    expect(aws().issued()).toEqual([])
  })
})
