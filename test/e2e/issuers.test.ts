import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../support/browser.ts'
import type { passedRoles } from '../support/company-provider.ts'
import { type IssuerLab, issuerRoles, openIssuerLab } from '../support/issuer-lab.ts'
import { arnOf } from '../support/issuer-world.ts'

let lab: IssuerLab

beforeAll(async () => {
  lab = await openIssuerLab()
})

afterAll(async () => {
  await lab[Symbol.asyncDispose]()
})

const entities: Readonly<Record<string, string>> = { '&#34;': '"', '&#39;': "'", '&amp;': '&' }

function unescaped(html: string): string {
  return html.replace(/&(?:#34|#39|amp);/g, (entity) => entities[entity] ?? entity)
}

function sessionArn(role: (typeof issuerRoles | typeof passedRoles)[number]): string {
  const start = 'arn:aws:sts::111111111111'
  return role === 'Federated' ? `${start}:federated-user/bob` : `${start}:assumed-role/${role}/bob`
}

/** Follows an address of the sandbox to the console, as a browser with its cookies. */
async function consoleAt(url: string): Promise<string> {
  const { origin, pathname, search } = new URL(url)
  const browser = new Browser(origin)
  let answer = await browser.get(`${pathname}${search}`)
  for (let hops = 0; answer.location !== undefined && hops < 5; hops += 1) {
    const next = new URL(answer.location, origin)
    answer = await browser.get(`${next.pathname}${next.search}`)
  }
  return answer.text
}

describe('from the browser to the console', () => {
  test.each(issuerRoles)('by %s', async (role) => {
    const browser = await lab.signedIn()
    const answer = await browser.askFor(arnOf(role), true)
    expect(answer.status, answer.text).toBe(303)
    const page = await browser.get(answer.location ?? '')
    expect(page.text).toContain(sessionArn(role))
    const [, href = ''] = /<a class="button primary large" href="([^"]+)"/.exec(page.text) ?? []
    expect(await consoleAt(unescaped(href))).toContain(sessionArn(role))
  })

  async function toConsole(browser: Browser, location: string): Promise<string> {
    const page = await browser.get(location)
    const [, href = ''] = /<a class="button primary large" href="([^"]+)"/.exec(page.text) ?? []
    return consoleAt(unescaped(href))
  }

  test('by the only role that the response of a sign-in names, straight away', async () => {
    const { browser, landing } = await lab.signedInByProvider(['Passed'])
    const { location = '' } = await browser.get(landing)
    expect(await toConsole(browser, location)).toContain(sessionArn('Passed'))
  })

  test('by one of several roles, chosen from the list', async () => {
    const { browser, landing } = await lab.signedInByProvider(['Passed', 'PassedToo'])
    expect(landing).toBe('/')
    const list = await browser.get('/')
    for (const role of ['Passed', 'PassedToo']) expect(list.text).toContain(arnOf(role))
    const { location = '' } = await browser.askFor(arnOf('PassedToo'), true)
    expect(await toConsole(browser, location)).toContain(sessionArn('PassedToo'))
  })

  test('without credentials in between, by a form that AWS takes from Postern', async () => {
    const browser = await lab.signedIn()
    const before = lab.aws.issued().length
    const link = '/console?account=111111111111&role=Saml'
    const answer = await browser.submit(link, '/console', { account: '111111111111', role: 'Saml' })
    expect(answer.status, answer.text).toBe(200)
    const [, action = ''] =
      /<form method="post" action="([^"]+)" data-carry>/.exec(answer.text) ?? []
    const fields = Object.fromEntries(
      [
        ...answer.text.matchAll(/type="hidden" name="(SAMLResponse|RelayState)" value="([^"]*)"/g),
      ].map(([, name = '', value = '']) => [name, unescaped(value)]),
    )
    expect(action).toBe(`${lab.aws.url}/saml`)
    expect(String(answer.headers['content-security-policy'])).toContain(new URL(action).origin)
    const aws = new Browser(lab.aws.url)
    const signedIn = await aws.post('/saml', fields)
    expect(signedIn.status, signedIn.text).toBe(302)
    const console = await aws.get(new URL(signedIn.location ?? '', action).pathname)
    expect(console.text).toContain(sessionArn('Saml'))
    expect(lab.aws.issued().slice(before)).toMatchObject([{ api: 'ConsoleSamlSignIn' }])
  })
})

test('the same request within a minute is one call, and a browser of its own is another', async () => {
  const [one, other] = [await lab.signedIn(), await lab.signedIn()]
  const before = lab.aws.issued().length
  const keyOn = async (browser: Browser) => {
    const { location = '' } = await browser.askFor(arnOf('Hub'), false)
    return /ASIA[A-Z0-9]{12,}/.exec((await browser.get(location)).text)?.[0]
  }
  const first = await keyOn(one)
  expect(first).toBeDefined()
  expect(await keyOn(one)).toBe(first)
  expect(await keyOn(other)).not.toBe(first)
  expect(lab.aws.issued().length - before).toBe(2)
})

test('the trail names everything that AWS gave, by session and certificate', async () => {
  await lab.broker.end('SIGTERM')
  const events = await lab.trail()
  const given = lab.aws.issued().filter(({ api, roleArn }) => {
    // The broker's own base credentials are nobody's; the console's form has none.
    return api !== 'ConsoleSamlSignIn' && roleArn !== arnOf('Postern')
  })
  const issued = events.filter(({ type }) => type === 'role-session-issued')
  expect(issued.map(({ accessKeyId }) => accessKeyId).sort()).toEqual(
    given.map(({ accessKeyId }) => accessKeyId).sort(),
  )
  for (const { accessKeyId, roleSessionName, sourceIdentity } of issued) {
    const record = given.find((one) => one.accessKeyId === accessKeyId)
    expect(roleSessionName).toBe(record?.roleSessionName)
    expect(sourceIdentity).toBe(record?.sourceIdentity)
  }
  expect(events.filter(({ type }) => type === 'credentials-handed-out')).toHaveLength(1)
  const certified = events.filter(({ type }) => type === 'certificate-issued')
  const byCertificate = issued.filter(({ certificateSerial }) => certificateSerial !== undefined)
  expect(certified).toHaveLength(byCertificate.length)
  expect(certified.length).toBeGreaterThan(0)
})
