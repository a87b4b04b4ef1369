import { describe, expect, test } from 'vitest'
import { AwsRefused } from '../../src/errors.ts'
import { roleOf, secretAccessKey } from '../support/broker-fakes.ts'
import type { Browser } from '../support/browser.ts'
import { startWeb } from '../support/web-app.ts'

const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const url = 'https://signin.aws.amazon.com/federation?Action=login'

async function issued(fields: Record<string, string> = {}) {
  const web = await startWeb()
  const browser = await web.signedIn()
  const answer = await browser.submit('/', '/role-sessions', {
    role: readOnly,
    console: 'true',
    ...fields,
  })
  return { web, browser, path: answer.location ?? '' }
}

describe('the results page', () => {
  test('can be looked at again until the credentials end, and says then that they did', async () => {
    const { web, browser, path } = await issued()
    for (const pause of [0, 1000, 1700, 800]) {
      web.pass(pause)
      const answer = await browser.get(path)
      expect(answer.status).toBe(200)
      expect(answer.text).toContain('ASIAIOSFODNN7EXAMPLE')
    }
    web.pass(200)
    const ended = await browser.get(path)
    expect(ended.status).toBe(410)
    expect(ended.text).not.toContain('ASIAIOSFODNN7EXAMPLE')
    expect(ended.text).not.toContain(secretAccessKey)
  })

  test('masks secrets until asked for, without any script', async () => {
    const { browser, path } = await issued()
    const masked = await browser.get(path)
    const shown = await browser.get(
      `${path}?show=secrets&format=fish&region=eu-north-1&profile=mine`,
    )
    expect(shown.text).toContain('eu-north-1')
    expect(shown.text.split(secretAccessKey).length).toBeGreaterThan(1)
    expect(masked.status).toBe(200)
  })

  test.each(['region=eu-west-1%3Bdrop', 'profile=a%0Ab', 'region=%24(id)', 'profile=%5Bx%5D'])(
    'says what is wrong with %s, and does not repeat it in a snippet',
    async (query) => {
      const { browser, path } = await issued()
      const answer = await browser.get(`${path}?${query}`)
      expect(answer.status).toBe(200)
      expect(answer.text).toContain('role="alert"')
      const [, value = ''] = decodeURIComponent(query).split('=')
      expect(answer.text).not.toContain(value)
    },
  )

  test('opens in no other browser, not even for the same person', async () => {
    const { web, path } = await issued()
    const other = await web.signedIn()
    const answer = await other.get(path)
    expect(answer.status).toBe(404)
    expect(answer.text).toContain('only in the browser that made it')
    expect(answer.text).not.toContain('ASIA')
  })

  test('opens for nobody else, even with the key of the browser that made it', async () => {
    const { web, browser, path } = await issued()
    const alice = await web.signedIn('alice')
    alice.cookies.set('postern-key', browser.cookies.get('postern-key') ?? '')
    const theirs = await alice.get(path)
    const nowhere = await alice.get('/role-sessions/AAAAAAAAAAAAAAAAAAAAAA')
    expect([theirs.status, nowhere.status]).toEqual([404, 404])
    const text = ({ text: page }: { text: string }) => page.replace(/<code>[^<]*<\/code>/g, '')
    expect(text(theirs)).toBe(text(nowhere))
    web.pass(3600)
    expect((await (await web.signedIn('alice')).get(path)).status).toBe(404)
  })

  test('does not open after a sign-out, nor in the next session of the same browser', async () => {
    const { browser, path } = await issued()
    await browser.submit('/', '/sign-out', {})
    expect((await browser.get(path)).status).toBe(303)
    await browser.signIn('bob', 'bobpassword')
    expect((await browser.get(path)).status).toBe(404)
  })

  test('does not open with a key that is not one', async () => {
    const { browser, path } = await issued()
    for (const key of ['', 'x', 'A'.repeat(43), 'A'.repeat(64), '"><script>']) {
      browser.cookies.set('postern-key', key)
      expect((await browser.get(path)).status, key).toBe(404)
    }
  })

  test('leaves no secret in the database, the log or the trail', async () => {
    const rows: string[] = []
    const web = await startWeb({
      dependencies: ({ roleSessions }) => ({
        roleSessions: {
          ...roleSessions,
          insert: (session) => {
            rows.push(JSON.stringify(session) + Buffer.from(session.sealed).toString('latin1'))
            return roleSessions.insert(session)
          },
        },
      }),
    })
    const browser = await web.signedIn()
    const answer = await browser.submit('/', '/role-sessions', { role: readOnly, console: 'true' })
    await browser.get(`${answer.location ?? ''}?show=secrets`)
    expect(rows).toHaveLength(1)
    const everything = rows.join() + web.logger.text() + JSON.stringify(web.trail.events)
    for (const secret of [
      secretAccessKey,
      'SigninToken',
      browser.cookies.get('postern-key') ?? '',
    ]) {
      expect(everything).not.toContain(secret)
    }
    expect(web.logger.text()).not.toContain('show=secrets')
  })

  test('survives a lost key: new role sessions get a new one', async () => {
    const { browser, path } = await issued()
    browser.cookies.delete('postern-key')
    const again = await browser.submit('/', '/role-sessions', { role: readOnly })
    expect((await browser.get(again.location ?? '')).status).toBe(200)
    expect((await browser.get(path)).status).toBe(404)
  })
})

describe('a sign-in URL', () => {
  const renew = (browser: Browser, path: string) => browser.submit(path, `${path}/console-url`, {})

  test('expires after 15 minutes and can be made anew while the credentials last', async () => {
    const { web, browser, path } = await issued({
      destination: 'https://console.aws.amazon.com/ec2',
    })
    expect((await browser.get(path)).text).toContain(url)
    web.pass(901)
    expect((await browser.get(path)).text).not.toContain(url)
    const answer = await renew(browser, path)
    expect([answer.status, answer.location]).toEqual([303, path])
    expect(web.console.orders).toHaveLength(2)
    expect(web.console.orders[1]).toMatchObject({
      destination: 'https://console.aws.amazon.com/ec2',
      sessionDurationSeconds: 43_200,
    })
    expect(web.trail.log.slice(-2)).toEqual(['console-url-requested', 'console-url-issued'])
  })

  test('is made for nobody else, and not after the credentials have ended', async () => {
    const { web, browser, path } = await issued()
    const alice = await web.signedIn('alice')
    expect((await alice.submit('/', `${path}/console-url`, {})).status).toBe(404)
    web.pass(1000)
    await browser.get('/')
    web.pass(1000)
    await browser.get('/')
    web.pass(1600)
    expect((await browser.submit('/', `${path}/console-url`, {})).status).toBe(404)
    expect(web.console.orders).toHaveLength(1)
  })

  test('that AWS refuses is told with its cause, and costs nobody the credentials', async () => {
    const { web, browser, path } = await issued()
    web.console.failure = refusal()
    const answer = await renew(browser, path)
    expect(answer.status).toBe(502)
    expect(answer.text).toContain('the clock is wrong')
    expect(answer.text).toContain('Production')
    expect((await browser.get(path)).status).toBe(200)
  })
})

describe('issuing', () => {
  test('that AWS refuses is told with cause, remedy and AWS’s own words', async () => {
    const { web, browser } = await issued()
    web.issuer.answer = refusal()
    const answer = await browser.submit('/', '/role-sessions', { role: readOnly })
    expect(answer.status).toBe(502)
    for (const words of ['the clock is wrong', 'set the clock', 'aws-request-9', 'Production']) {
      expect(answer.text).toContain(words)
    }
  })

  test('is refused for roles that were not granted, the same whether or not they exist', async () => {
    const web = await startWeb({ unheld: [roleOf('arn:aws:iam::111111111111:role/Admin')] })
    const browser = await web.signedIn()
    const pages: string[] = []
    for (const role of [
      'arn:aws:iam::111111111111:role/Admin',
      'arn:aws:iam::999999999999:role/Nothing',
      'nonsense',
    ]) {
      const answer = await browser.submit('/', '/role-sessions', { role })
      expect(answer.status).toBe(403)
      pages.push(answer.text.replace(/<code>[^<]*<\/code>/g, ''))
    }
    expect(new Set(pages).size).toBe(1)
    expect(web.trail.log.filter((type) => type === 'role-session-refused')).toHaveLength(3)
  })

  test('answers a program in JSON', async () => {
    const { web, browser } = await issued()
    const headers = { accept: 'application/json' }
    const answer = await browser.submit('/', '/role-sessions', { role: 'nonsense' }, { headers })
    expect(answer.status).toBe(403)
    expect(answer.headers['content-type']).toContain('application/json')
    expect(JSON.parse(answer.text)).toEqual({
      error: 'access_denied',
      error_description: expect.any(String) as string,
      request_id: answer.headers['x-request-id'],
    })
    const anonymous = await web.browser().get('/', { headers })
    expect(anonymous.status).toBe(401)
    expect(JSON.parse(anonymous.text)).toMatchObject({ error: 'login_required' })
  })
})

function refusal(): AwsRefused {
  return new AwsRefused(
    'AWS refused.',
    { causes: ['the clock is wrong'], remedies: ['set the clock'] },
    {
      operation: 'AssumeRole',
      status: 403,
      code: 'SignatureDoesNotMatch',
      message: 'Signature expired',
      requestId: 'aws-request-9',
    },
  )
}
