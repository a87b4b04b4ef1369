import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ended } from '../cli-lab.ts'
import { refuse } from '../../support/fake-broker.ts'
import { brokerLab, type FakeBrokerLab, saying, visit } from './broker-lab.ts'

/** Starts a login in a browser that does nothing, and gives the address that it was sent to. */
async function started(lab: FakeBrokerLab) {
  const child = lab.start(['login', '--no-keyring'], { BROWSER: lab.browser().words })
  const outcome = ended(child)
  const [url = ''] = await saying(child, /http:\/\/\S+\/authorize\S+/)
  const query = new URL(url).searchParams
  const back = (fields: Record<string, string>): string =>
    `${query.get('redirect_uri') ?? ''}?${new URLSearchParams(fields).toString()}`
  return { child, outcome, url, query, back }
}

describe('login in the browser of this machine', () => {
  test('proves with the code verifier that it began, and keeps the tokens in a 0600 file', async () => {
    const lab = await brokerLab()
    const { outcome, url, query, back } = await started(lab)
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(query.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//)
    const state = query.get('state') ?? ''
    const code = lab.broker.authorize(query)
    const page = await visit(back({ code, state, iss: lab.broker.origin }))
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('You are signed in')])
    const { code: exit, stdout, stderr } = await outcome
    expect([exit, stdout]).toEqual([
      0,
      `You are Bob Baker (bob) at ${lab.broker.origin}, until 2026-11-20T21:00:00.000Z.\n`,
    ])
    expect(stderr).toContain(`kept in files in ${lab.config}/tokens that only you can read`)
    expect(statSync(lab.tokenFile).mode & 0o777).toBe(0o600)
    expect(readFileSync(`${lab.home}/opened`, 'utf8').trim()).toBe(url)
  })

  test.for([
    ['another state', { code: 'a-code', state: 'x'.repeat(43) }],
    ['no state', { code: 'a-code' }],
  ] as const)('goes on waiting where the way back brings %s', async ([, fields]) => {
    const lab = await brokerLab()
    const { child, outcome, back } = await started(lab)
    const page = await visit(back({ ...fields, iss: lab.broker.origin }))
    expect(page.status).toBe(404)
    expect(child.exitCode).toBeNull()
    child.kill('SIGINT')
    const { code, stderr } = await outcome
    expect(code).toBe(130)
    expect(stderr).toContain('given up')
    expect(lab.broker.asked).toEqual([])
  })

  test('refuses the answer of another issuer', async () => {
    const lab = await brokerLab()
    const { outcome, query, back } = await started(lab)
    const state = query.get('state') ?? ''
    const page = await visit(back({ code: 'a-code', state, iss: 'https://evil.example' }))
    expect(page.status).toBe(400)
    const { code, stderr } = await outcome
    expect([code, lab.broker.asked]).toEqual([1, []])
    expect(stderr).toContain('not from')
  })

  test('refuses the answer that names no issuer, and says a refusal', async () => {
    const lab = await brokerLab()
    const one = await started(lab)
    await visit(one.back({ code: 'a-code', state: one.query.get('state') ?? '' }))
    expect((await one.outcome).code).toBe(1)
    const two = await started(lab)
    const state = two.query.get('state') ?? ''
    await visit(two.back({ error: 'access_denied', state, iss: lab.broker.origin }))
    expect((await two.outcome).stderr).toContain('refused in the browser')
    expect(lab.broker.asked).toEqual([])
  })

  test('answers no other host, path or method', async () => {
    const lab = await brokerLab()
    const { child, outcome, query, back } = await started(lab)
    const url = back({ code: 'a-code', state: query.get('state') ?? '', iss: lab.broker.origin })
    expect((await visit(url, { host: 'evil.example' })).status).toBe(404)
    expect((await visit(url.replace('/signed-in', '/'))).status).toBe(404)
    child.kill('SIGTERM')
    expect((await outcome).code).toBe(130)
  })

  test('opens the browser with an argument, never with a shell', async () => {
    const lab = await brokerLab()
    const marker = `${lab.home}/pwned`
    const child = lab.start(['login'], { BROWSER: `${lab.browser().words} $(touch${marker}) %s` })
    const outcome = ended(child)
    await saying(child, /\/authorize/)
    child.kill('SIGINT')
    await outcome
    expect(readFileSync(`${lab.home}/opened`, 'utf8').split('\n')[0]).toBe(`$(touch${marker})`)
  })
})

describe('login by a code', () => {
  test.for([
    [{ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', BROWSER: 'true' }],
    [{ SSH_TTY: '/dev/pts/0', DISPLAY: ':0' }],
    [{}],
  ] as const)('is taken by itself with %j', async ([env]) => {
    const lab = await brokerLab()
    const { code, stderr } = await lab.run(['login'], env)
    expect(code).toBe(0)
    expect(stderr).toContain(`Go to ${lab.broker.origin}/device in any browser`)
    expect(stderr).toContain('BCDF-GHJK')
  })

  test('asks again in the interval it was given, and more slowly when told so', async () => {
    const lab = await brokerLab()
    const times: number[] = []
    let count = 0
    lab.broker.instead.set('POST /api/v1/token', (response) => {
      times.push(Date.now())
      count += 1
      refuse(
        response,
        400,
        ['authorization_pending', 'slow_down', 'access_denied'][count - 1] ?? '',
      )
    })
    const { code, stderr } = await lab.run(['login', '--device'])
    expect([code, times.length]).toEqual([1, 3])
    expect(stderr).toContain('refused in the browser')
    const [first = 0, second = 0, third = 0] = times
    expect(second - first).toBeGreaterThanOrEqual(990)
    expect(third - second).toBeGreaterThanOrEqual(5_990)
  })

  test('says when the code has ended, and that Ctrl-C gave it up', async () => {
    const lab = await brokerLab()
    lab.broker.instead.set('POST /api/v1/token', (response) => {
      refuse(response, 400, 'expired_token')
    })
    const { code, stderr } = await lab.run(['login', '--device'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('Nobody approved the code in time')])
    const child = lab.start(['login', '--device'])
    const outcome = ended(child)
    await saying(child, /BCDF-GHJK/)
    child.kill('SIGINT')
    const given = await outcome
    expect([given.code, given.signal]).toEqual([130, null])
    expect(given.stderr).toContain('given up')
  })

  test('is given up at once with Ctrl-C while the broker does not answer', async () => {
    const lab = await brokerLab()
    const { promise: asked, resolve } = Promise.withResolvers<undefined>()
    lab.broker.instead.set('POST /api/v1/device', () => {
      resolve(undefined)
    })
    const child = lab.start(['login', '--device'])
    const outcome = ended(child)
    await asked
    child.kill('SIGINT')
    const { code, stderr } = await outcome
    expect([code, stderr]).toEqual([130, expect.stringContaining('given up')])
  })

  test('says what this terminal is, for the page that approves', async () => {
    const lab = await brokerLab()
    await lab.run(['login', '--device'])
    expect(lab.broker.asked[0]?.body).toMatchObject({
      client_id: 'postern-cli',
      terminal: { system: 'linux', host: expect.any(String) as string },
    })
  })
})

describe('logout', () => {
  test('ends the sign-in at the broker, and deletes it here', async () => {
    const lab = await brokerLab()
    await lab.login()
    await lab.run(['credential-process', '--role', 'ReadOnly'])
    const { code, stdout } = await lab.run(['logout'])
    expect([code, stdout]).toEqual([0, `You are signed out at ${lab.broker.origin}.\n`])
    expect(lab.broker.isEnded).toBe(true)
    expect(() => statSync(lab.tokenFile)).toThrow('ENOENT')
    const after = await lab.run(['credential-process', '--role', 'ReadOnly'])
    expect([after.code, after.stdout]).toEqual([3, ''])
    expect(after.stderr).toContain(`postern login --broker ${lab.broker.origin}`)
  })

  test('deletes here even when nobody answers, and says so', async () => {
    const lab = await brokerLab()
    await lab.login()
    lab.broker.instead.set('POST /api/v1/revoke', (response) => {
      response.destroy()
    })
    const { code, stderr } = await lab.run(['logout'])
    expect(code).toBe(1)
    expect(stderr).toContain(`All is deleted here, but ${lab.broker.origin} was not told`)
    expect(stderr).toContain('/terminals')
    expect(() => statSync(lab.tokenFile)).toThrow('ENOENT')
    expect((await lab.run(['whoami'])).code).toBe(3)
  })
})
