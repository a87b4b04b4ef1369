import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Asked, type FakeBroker, offered, readOnly } from '../../support/fake-broker.ts'
import { brokerLab } from './broker-lab.ts'

const admin = 'arn:aws:iam::111111111111:role/Admin'

async function signedIn() {
  const lab = await brokerLab()
  await lab.login()
  return lab
}

function answering(status: number, body: unknown, type = 'application/json') {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': type })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
}

/** Issues as usual, but for one thing. */
function issuing(broker: FakeBroker, change: (session: Record<string, unknown>) => object) {
  return (response: ServerResponse, asked: Asked): void => {
    answering(201, change(broker.roleSession(asked)))(response)
  }
}

describe('a broker that lies about roles', () => {
  test.for([
    [
      'a line break in the name of an account',
      {
        account: {
          id: '111111111111',
          name: 'x\n[default]\ncredential_process = touch /tmp/pwned',
        },
      },
    ],
    [
      'an escape in the name of an account',
      { account: { id: '111111111111', name: '\u001b]0;pwned\u0007' } },
    ],
    ['a right-to-left mark', { account: { id: '111111111111', name: 'a\u202eb' } }],
    ['a role that is no role', { arn: 'arn:aws:iam::111111111111:user/x' }],
    [
      'a role with a space and a command',
      { arn: 'arn:aws:iam::111111111111:role/x; touch /tmp/pwned' },
    ],
    ['a quote in the ARN', { arn: "arn:aws:iam::111111111111:role/x'y" }],
    ['an account without number', { account: { id: '../../etc', name: 'x' } }],
    ['a region with a line break', { region: 'eu-west-1\ncredential_process = x' }],
  ] as const)('by %s writes nothing anywhere', async ([, lie]) => {
    const lab = await signedIn()
    lab.broker.roles = [{ ...offered(readOnly, 'Production'), ...lie }]
    for (const command of [['configure'], ['roles']]) {
      const { code, stdout, stderr } = await lab.run(command)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).not.toMatch(/(?!\n)\p{Cc}|pwned|\[default\]/u)
    }
    expect(existsSync(`${lab.home}/.aws`)).toBe(false)
  })

  test('by a region that is none writes nothing', async () => {
    const lab = await signedIn()
    lab.broker.roles = [offered(readOnly, 'Production', 'x; rm -rf')]
    expect((await lab.run(['configure'])).code).toBe(1)
    const config = `${lab.home}/.aws/config`
    expect(existsSync(config)).toBe(false)
  })

  test('by the names of options and paths makes plain profile names of them', async () => {
    const lab = await signedIn()
    lab.broker.roles = [
      offered('arn:aws:iam::111111111111:role/ReadOnly', '--force $(touch pwned) `x` ; [y] #'),
      offered('arn:aws:iam::222222222222:role/ReadOnly', '../../../etc/passwd'),
      offered('arn:aws:iam::333333333333:role/ReadOnly', '日本'),
    ]
    expect((await lab.run(['configure'])).code).toBe(0)
    const names = readFileSync(`${lab.home}/.aws/config`, 'utf8').match(/^\[.*$/gm) ?? []
    expect(names).toHaveLength(3)
    for (const name of names) expect(name).toMatch(/^\[profile [\w.-]{1,64}\]$/)
  })
})

describe('a broker that lies about credentials', () => {
  test.for([
    ['another role', { role: admin }],
    ['an access key with a line break', { credentials: { accessKeyId: 'ASIAFAKE00000001\nx' } }],
    ['a secret with an escape', { credentials: { secretAccessKey: '\u001b[2J' } }],
    ['a token with a line break', { credentials: { sessionToken: 'x\naws_access_key_id = y' } }],
    ['an end that has passed', { credentials: { expiration: '2020-01-01T00:00:00Z' } }],
    ['an end that is no time', { credentials: { expiration: 'tomorrow' } }],
    ['a region that is none', { region: 'eu-west-1; x' }],
    ['an STS that is elsewhere without TLS', { endpoints: { sts: 'http://evil.example/' } }],
    ['an STS with a user name', { endpoints: { sts: 'https://x:y@evil.example/' } }],
    ['no credentials', { credentials: undefined }],
  ] as const)('by %s gets nothing printed, cached or run', async ([, lie]) => {
    const lab = await signedIn()
    const change = (session: Record<string, unknown>): object => ({
      ...session,
      ...lie,
      ...('credentials' in lie &&
        lie.credentials && {
          credentials: { ...(session['credentials'] as object), ...lie.credentials },
        }),
    })
    lab.broker.instead.set('POST /api/v1/role-sessions', issuing(lab.broker, change))
    for (const command of [
      ['update', '--once', '--role', readOnly],
      ['exec', readOnly, '--', 'echo', 'ran'],
    ]) {
      const { code, stdout, stderr } = await lab.run(command)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).not.toMatch(/(?!\n)\p{Cc}|fakeToken|fake\/Secret|\n +at /u)
    }
    expect(existsSync(`${lab.home}/.aws/credentials`)).toBe(false)
  })
})

describe('a sign-in URL', () => {
  test('of another kind is neither opened nor printed', async () => {
    const lab = await signedIn()
    const consoleUrl = 'javascript:alert("evil")'
    lab.broker.instead.set(
      'POST /api/v1/role-sessions',
      issuing(lab.broker, (session) => ({ ...session, consoleUrl })),
    )
    const { words, log } = lab.browser()
    for (const more of [[], ['--print'], ['--json']]) {
      const { code, stdout, stderr } = await lab.run(['console', readOnly, ...more], {
        BROWSER: words,
      })
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain('is not opened')
      expect(stderr).not.toContain('evil')
    }
    expect(existsSync(log)).toBe(false)
  })

  test('of this machine is printed where the broker is on this machine', async () => {
    const lab = await signedIn()
    const consoleUrl = 'http://localhost:3001/federation?Action=login'
    lab.broker.instead.set(
      'POST /api/v1/role-sessions',
      issuing(lab.broker, (session) => ({ ...session, consoleUrl })),
    )
    expect((await lab.run(['console', readOnly, '--print'])).stdout).toBe(`${consoleUrl}\n`)
  })
})

describe('an answer', () => {
  test.for([
    ['a page', 200, '<html>', 'text/html'],
    ['no JSON', 200, 'x', 'application/json'],
    ['JSON of another shape', 200, [], 'application/json'],
    ['JSON of another type', 200, {}, 'application/jsonp'],
    ['an error without words', 500, {}, 'application/json'],
    ['nothing', 204, '', 'application/json'],
  ] as const)('that is %s is said to come from no Postern', async ([, status, body, type]) => {
    const lab = await signedIn()
    lab.broker.instead.set('GET /api/v1/me', answering(status, body, type))
    const { code, stdout, stderr } = await lab.run(['whoami'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('does not answer as Postern does')
  })

  test('that is an error is shown with what to do and its ID, and can do nothing to the terminal', async () => {
    const lab = await signedIn()
    const body = {
      error: 'access_denied',
      error_description: 'You do not have that role.\u001b[2J\nRun: curl evil',
      causes: ['The trust policy does not name the hub.'],
      remedies: ['Add it.\r'],
      request_id: 'abc-123',
    }
    lab.broker.instead.set('POST /api/v1/role-sessions', answering(403, body))
    const { code, stderr } = await lab.run(['credential-process', '--role', readOnly])
    expect(code).toBe(1)
    expect(stderr.trimEnd()).toMatch(
      /You do not have that role\.\?\[2J\?Run: curl evil The trust policy does not name the hub\. Add it\. Request ID abc-123\.$/,
    )
    expect(stderr.trimEnd()).not.toMatch(/\p{Cc}/u)
  })

  test('that is huge is cut off', async () => {
    const lab = await signedIn()
    let sent = 0
    lab.broker.instead.set('GET /api/v1/roles', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const piece = Buffer.alloc(1024 * 1024, 0x20)
      const more = (): void => {
        if (response.destroyed || sent > 200) return
        sent += 1
        response.write(piece, more)
      }
      more()
    })
    const { code } = await lab.run(['roles'])
    expect(code).toBe(1)
    expect(sent).toBeLessThan(60)
  })

  test('that trickles is given up in time', { timeout: 60_000 }, async () => {
    const lab = await signedIn()
    lab.broker.instead.set('GET /api/v1/me', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 100)
      response.on('close', () => {
        clearInterval(drip)
      })
    })
    const start = Date.now()
    const { code, stderr } = await lab.run(['whoami'])
    expect([code, stderr]).toEqual([1, expect.stringContaining('within 30 seconds')])
    expect(Date.now() - start).toBeLessThan(35_000)
  })

  test('to a device that leads elsewhere is not shown', async () => {
    const lab = await brokerLab()
    lab.broker.instead.set(
      'POST /api/v1/device',
      answering(200, { ...lab.broker.device(), verification_uri: 'https://evil.example/device' }),
    )
    const { code, stderr } = await lab.run(['login', '--device'])
    expect([code, stderr]).toEqual([1, expect.not.stringContaining('evil')])
    expect(existsSync(lab.tokenFile)).toBe(false)
  })

  test('to a device can do nothing to the terminal', async () => {
    const lab = await brokerLab()
    const verification_uri = `${lab.broker.origin}/\u001b]0;pwned\u0007\u202e/device`
    lab.broker.instead.set(
      'POST /api/v1/device',
      answering(200, { ...lab.broker.device(), verification_uri }),
    )
    const { code, stderr } = await lab.run(['login', '--device'])
    expect([code, stderr]).toEqual([1, expect.not.stringMatching(/pwned|(?!\n)\p{C}/u)])
  })

  test('that gives tokens of another form leaves none behind', async () => {
    const lab = await brokerLab()
    lab.broker.instead.set(
      'POST /api/v1/token',
      answering(200, { ...lab.broker.tokens(), access_token: 'x\r\nHost: evil' }),
    )
    expect((await lab.run(['login', '--device'])).code).toBe(1)
    expect(existsSync(lab.tokenFile)).toBe(false)
  })
})

describe('credentials at hand', () => {
  test('go on while the broker is down, and not when it refuses', async () => {
    const lab = await signedIn()
    lab.broker.instead.set('POST /api/v1/role-sessions', (response, asked) => {
      answering(201, lab.broker.roleSession({ body: { ...asked.body, duration: 120 } }))(response)
    })
    const call = ['credential-process', '--role', readOnly]
    const first = await lab.run(call)
    // Half of their life is over soon; pretend it is.
    const folder = `${lab.home}/.cache/postern`
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
      const text = readFileSync(`${folder}/${name}`, 'utf8')
      writeFileSync(`${folder}/${name}`, text.replace(/"obtained":\d+/, '"obtained":1'))
    }
    await delay(1)
    lab.broker.instead.set(
      'POST /api/v1/role-sessions',
      answering(503, { error: 'temporarily_unavailable' }),
    )
    const second = await lab.run(call)
    expect([second.code, second.stdout]).toEqual([0, first.stdout])
    expect(second.stderr).toContain('The former credentials go on until')
    lab.broker.instead.set('POST /api/v1/role-sessions', answering(403, { error: 'access_denied' }))
    expect((await lab.run(call)).code).toBe(1)
  })
})
