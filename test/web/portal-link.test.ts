import { describe, expect, test } from 'vitest'
import { AwsUnavailable, InvalidDestination } from '../../src/errors.ts'
import { roleOf } from '../support/broker-fakes.ts'
import { tokenIn } from '../support/browser.ts'
import { development, direct, startWeb } from '../support/web-app.ts'

const asks = '/console?account=111111111111&role=ReadOnly'
const opens = '/console?account=222222222222&role=ReadOnly'
const ec2 = 'https://console.aws.amazon.com/ec2'
const signInUrl = /^https:\/\/signin\.aws\.amazon\.com\/federation\?Action=login/

/** What a browser says when a page of another site sends it here. */
const fromElsewhere = {
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
}

describe('the portal link', () => {
  test('opens the console at once for a role that is configured so', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const answer = await browser.get(opens, { headers: fromElsewhere })
    expect(answer.status).toBe(303)
    expect(answer.location).toMatch(signInUrl)
    expect(answer.text).toBe('')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(web.trail.log.slice(1)).toEqual([
      'role-session-requested',
      'role-session-issued',
      'console-url-issued',
    ])
    expect((await browser.get('/')).text).toContain('/role-sessions/')
  })

  test('asks for one click for every other role', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const question = await browser.get(asks)
    expect(question.status).toBe(200)
    expect(question.text).toContain('Production')
    expect(web.issuer.orders).toHaveLength(0)
    const answer = await browser.submit(asks, '/console', {
      account: '111111111111',
      role: 'ReadOnly',
    })
    expect(answer.location).toMatch(signInUrl)
    expect(web.issuer.orders).toHaveLength(1)
  })

  test('takes a role by its ARN too', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const role = encodeURIComponent('arn:aws:iam::222222222222:role/ReadOnly')
    expect((await browser.get(`/console?account=222222222222&role=${role}`)).location).toMatch(
      signInUrl,
    )
    const other = await browser.get(`/console?account=111111111111&role=${role}`)
    expect(other.status).toBe(403)
  })

  test('opens the role’s own start page without asking, when the link names it', async () => {
    const start = { ...direct, startPage: 'https://console.aws.amazon.com/s3' }
    const web = await startWeb({ roles: [start] })
    const browser = await web.signedIn()
    const named = `${opens}&destination=${encodeURIComponent('https://console.aws.amazon.com/s3')}`
    expect((await browser.get(named)).location).toMatch(signInUrl)
    expect((await browser.get(opens)).location).toMatch(signInUrl)
    expect(web.console.orders.map(({ destination }) => destination)).toEqual([
      'https://console.aws.amazon.com/s3',
      'https://console.aws.amazon.com/s3',
    ])
  })
})

describe('a page that sends a signed-in browser here', () => {
  test('can’t open a destination of its choosing: the visitor is asked, and told where it leads', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const link = `${opens}&destination=${encodeURIComponent(ec2)}`
    const answer = await browser.get(link, { headers: fromElsewhere })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('<b>console.aws.amazon.com</b>')
    expect(answer.text).toContain('Development')
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(web.issuer.orders).toHaveLength(0)
  })

  test('can’t click for the visitor', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const token = tokenIn((await browser.get(asks)).text)
    const fields = { _csrf: token, account: '111111111111', role: 'ReadOnly' }
    const headers = { ...fromElsewhere, origin: 'https://evil.example' }
    expect((await browser.post('/console', fields, { headers })).status).toBe(403)
    expect(web.issuer.orders).toHaveLength(0)
  })

  test.each<[string, string, Record<string, string>]>([
    ['a frame', 'GET', { ...fromElsewhere, 'sec-fetch-dest': 'iframe' }],
    [
      'an image',
      'GET',
      { ...fromElsewhere, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    ],
    ['a script', 'GET', { ...fromElsewhere, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a fetch for a document', 'GET', { ...fromElsewhere, 'sec-fetch-mode': 'cors' }],
    ['a prefetch', 'GET', { ...fromElsewhere, 'sec-purpose': 'prefetch' }],
    ['a prerender', 'GET', { ...fromElsewhere, 'sec-purpose': 'prefetch;prerender' }],
    ['an old prefetch', 'GET', { ...fromElsewhere, purpose: 'prefetch' }],
    ['Firefox’s old prefetch', 'GET', { ...fromElsewhere, 'x-moz': 'prefetch' }],
    ['HEAD', 'HEAD', fromElsewhere],
    ['a browser that does not say', 'GET', {}],
  ])(
    'issues nothing by %s, neither at once nor after a sign-in',
    async (_name, method, headers) => {
      const web = await startWeb()
      const signedIn = await web.signedIn()
      const answer = await signedIn.send(method, opens, { headers })
      expect(answer.status).toBe(200)
      expect(web.issuer.orders).toHaveLength(0)

      const visitor = web.browser()
      const first = await visitor.send(method, opens, { headers })
      expect(first.status).toBe(303)
      const page = first.location ?? ''
      const number = new URLSearchParams(page.split('?')[1]).get('continue') ?? ''
      const after = await visitor.submit(page, '/sign-in/local', {
        username: 'bob',
        password: 'bobpassword',
        continue: number,
      })
      expect((await visitor.get(after.location ?? '')).status).toBe(200)
      expect(web.issuer.orders).toHaveLength(0)
    },
  )

  test.each([
    'https://evil.example/',
    'https://console.aws.amazon.com.evil.example/',
    'javascript:alert(1)',
  ])('learns nothing of %s: a refused destination is refused before anything else', async (to) => {
    const web = await startWeb({
      dependencies: ({ broker }) => ({
        broker: {
          ...broker,
          checkDestination: (role, destination) => {
            if (destination !== undefined) throw new InvalidDestination('Not a console.')
            return broker.checkDestination(role, destination)
          },
        },
      }),
    })
    const browser = await web.signedIn()
    const answer = await browser.get(`${opens}&destination=${encodeURIComponent(to)}`)
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain(to)
    expect(web.issuer.orders).toHaveLength(0)
  })
})

describe('a portal link before the sign-in', () => {
  test('leads through it to the console, and says so there', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const first = await browser.get(opens, { headers: fromElsewhere })
    const page = first.location ?? ''
    expect(page).toMatch(/^\/sign-in\?continue=\d+$/)
    const signIn = await browser.get(page)
    expect(signIn.text).toContain('the AWS console as ReadOnly in account 2222\u00a02222\u00a02222')
    const after = await browser.post('/sign-in/local', {
      _csrf: tokenIn(signIn.text),
      username: 'bob',
      password: 'bobpassword',
      continue: /continue=(\d+)/.exec(page)?.[1] ?? '',
    })
    expect(after.location).toBe(opens)
    expect((await browser.get(after.location ?? '')).location).toMatch(signInUrl)
  })

  test('waits in each of several tabs', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const pages = [asks, opens, '/role?account=111111111111&role=ReadOnly']
    const tabs: { path: string; page: string }[] = []
    for (const path of pages) tabs.push({ path, page: (await browser.get(path)).location ?? '' })
    const [first] = tabs
    const number = /continue=(\d+)/.exec(first?.page ?? '')?.[1] ?? ''
    const fields = { username: 'bob', password: 'bobpassword', continue: number }
    const after = await browser.submit(first?.page ?? '', '/sign-in/local', fields)
    expect(after.location).toBe(asks)
    for (const { path, page } of tabs.slice(1))
      expect((await browser.get(page)).location).toBe(path)
  })

  test('asked for by HEAD leaves nothing behind', async () => {
    const web = await startWeb()
    const answer = await web.browser().send('HEAD', opens, { headers: fromElsewhere })
    expect(answer.location).toBe('/sign-in')
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test.each([
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ])(
    'as %s on another page keeps no place, which its office has only so many of',
    async (_, said) => {
      const web = await startWeb()
      const headers = { 'sec-fetch-site': 'cross-site', ...said }
      const answer = await web.browser().get(asks, { headers })
      expect(answer).toMatchObject({ status: 303, location: '/sign-in' })
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  test('repeats nothing of a link that has not the form of one', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const first = await browser.get('/console?account=Your+bank&role=call+0900+123')
    const page = await browser.get(first.location ?? '')
    expect(page.text).not.toContain('0900')
  })
})

describe('a portal link to a role that was not granted', () => {
  const links = [
    'account=111111111111&role=Admin',
    'account=999999999999&role=Nothing',
    '',
    'account=1',
  ]

  test('gets the same page whether or not account and role exist', async () => {
    const web = await startWeb({ unheld: [roleOf('arn:aws:iam::111111111111:role/Admin')] })
    const browser = await web.signedIn()
    const pages = await Promise.all(
      links.map(async (link) => {
        const answer = await browser.get(`/console?${link}`)
        expect(answer.status).toBe(403)
        return answer.text.replace(/<code>[^<]*<\/code>/g, '')
      }),
    )
    expect(new Set(pages).size).toBe(1)
  })

  test('is refused and recorded when it is clicked', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const fields = { account: '111111111111', role: 'Admin' }
    const answer = await browser.submit('/', '/console', fields)
    expect(answer.status).toBe(403)
    expect(web.trail.events.at(-1)).toMatchObject({
      type: 'role-session-refused',
      role: '111111111111/Admin',
    })
  })
})

test('a portal link whose console can’t be made leads to the credentials that were', async () => {
  const web = await startWeb({
    roles: [roleOf(direct.arn.arn, { account: development, portalLink: 'direct' })],
  })
  const browser = await web.signedIn()
  web.console.failure = new AwsUnavailable('The sign-in endpoint does not answer.')
  const answer = await browser.get(opens)
  expect(answer.location).toMatch(/^\/role-sessions\//)
  expect((await browser.get(answer.location ?? '')).text).toContain('does not answer')
})
