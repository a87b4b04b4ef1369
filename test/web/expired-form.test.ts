import { expect, test } from 'vitest'
import { type Browser, tokenIn } from '../support/browser.ts'
import { startWeb } from '../support/web-app.ts'

const page = '/role?account=111111111111&role=ReadOnly'
const filledIn = {
  role: 'arn:aws:iam::111111111111:role/ReadOnly',
  console: 'true',
  duration: '14400',
  consoleDuration: '3600',
  region: 'eu-north-1',
  destination: 'https://console.aws.amazon.com/ec2',
}

/** Signs in on the page that a redirect led to, with the place that it names, and gives the next redirect. */
async function signInAt(browser: Browser, at: string): Promise<string> {
  const number = new URLSearchParams(at.split('?')[1]).get('continue') ?? ''
  const fields = { username: 'bob', password: 'bobpassword', continue: number }
  return (await browser.submit(at, '/sign-in/local', fields)).location ?? ''
}

function expectFilledIn(text: string): void {
  expect(text).toMatch(/name="duration" value="14400" checked/)
  expect(text).toMatch(/name="consoleDuration" value="3600" checked/)
  expect(text).toMatch(/<option selected>eu-north-1/)
  expect(text).toContain('value="https://console.aws.amazon.com/ec2"')
  expect(text).toContain('Nothing was sent')
}

test('a form of an ended session comes back after the sign-in, filled in and not sent', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const token = tokenIn((await browser.get(page)).text)
  web.pass(1801)
  const answer = await browser.post('/role-sessions', { _csrf: token, ...filledIn })
  expect(answer.location).toMatch(/^\/sign-in\?continue=\d+&ended=yes$/)
  expect(answer.location).not.toContain('ec2')
  expect((await browser.get(answer.location ?? '')).text).toContain('Your sign-in has ended')

  const back = await signInAt(browser, answer.location ?? '')
  expect(back).toMatch(/^\/role\?account=111111111111&role=ReadOnly&continue=\d+$/)
  for (let reload = 0; reload < 2; reload += 1) expectFilledIn((await browser.get(back)).text)
  expect(web.issuer.orders).toHaveLength(0)

  const sent = await browser.submit(back, '/role-sessions', filledIn)
  expect(sent.location).toMatch(/^\/role-sessions\//)
  expect(web.issuer.orders[0]?.durationSeconds).toBe(14_400)
})

test('a form with the token of an older session is shown again, filled in and not sent', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const stale = tokenIn((await browser.get(page)).text)
  await browser.submit('/', '/sign-out', {})
  await browser.signIn('bob', 'bobpassword')
  const answer = await browser.post('/role-sessions', { _csrf: stale, ...filledIn })
  expect(answer.status).toBe(303)
  expectFilledIn((await browser.get(answer.location ?? '')).text)
  expect(web.issuer.orders).toHaveLength(0)
})

test('a form shows itself again to the browser that sent it, and to no other', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  web.pass(1801)
  const answer = await browser.post('/role-sessions', filledIn)
  const back = await signInAt(browser, answer.location ?? '')
  const other = await web.signedIn()
  const shown = await other.get(back)
  expect(shown.status).toBe(200)
  expect(shown.text).not.toContain('https://console.aws.amazon.com/ec2')
})

test('the question of a portal link comes back as a question', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  web.pass(1801)
  const fields = { account: '222222222222', role: 'ReadOnly' }
  const answer = await browser.post('/console', fields)
  const back = await signInAt(browser, answer.location ?? '')
  expect((await browser.get(back)).status).toBe(200)
  expect(web.issuer.orders).toHaveLength(0)
  const stale = await browser.post('/console', { _csrf: 'stale', ...fields })
  expect(stale.location).toBe('/console?account=222222222222&role=ReadOnly&ask=yes')
})

test('a new sign-in URL that was asked for too late leads back to its page', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const issued = await browser.submit('/', '/role-sessions', filledIn)
  web.pass(1801)
  const answer = await browser.post(`${issued.location ?? ''}/console-url`, {})
  expect(await signInAt(browser, answer.location ?? '')).toBe(issued.location)
})

test('a sign-out after the end leads to the sign-in', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  web.pass(1801)
  expect((await browser.post('/sign-out', {})).location).toBe('/sign-in?ended=yes')
})
