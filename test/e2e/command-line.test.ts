import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { BrokerLab, saying } from '../cli/broker/broker-lab.ts'
import { ended, parsed } from '../cli/cli-lab.ts'
import { Browser } from '../support/browser.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { hasChromium, launchChromium } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'

const run = promisify(execFile)
const sdkCaller = new URL('../cli/children/sdk-caller.ts', import.meta.url).pathname
const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
type Terminal = BrokerLab<{ readonly origin: string }>
const asAlice = 'arn:aws:sts::111111111111:assumed-role/ReadOnly/alice'

let folder: string
let sandbox: Sandbox
let broker: BrokerProcess

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-e2e-cli-'))
  sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  broker = await startBrokerProcess(config, port)
})

afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A home of its own on this machine. */
function terminal(): Terminal {
  const home = mkdtempSync(join(folder, 'home-'))
  return new BrokerLab(home, { origin: broker.url })
}

/** A home in which alice is signed in, by a code that her browser approved. */
async function signedIn(): Promise<{ readonly lab: Terminal; readonly browser: Browser }> {
  const lab = terminal()
  const child = lab.start(['login', '--device'])
  const outcome = ended(child)
  const [, code = ''] = await saying(child, /approve the code ([A-Z-]{9})/)
  const browser = new Browser(broker.url)
  await browser.signIn('alice', 'alicepassword')
  const fields = { user_code: code, decision: 'approve' }
  const approved = await browser.submit(`/device?user_code=${code}`, '/device', fields)
  expect(approved.status, approved.text).toBe(200)
  const { code: exit, stdout, stderr } = await outcome
  expect(exit, stderr).toBe(0)
  expect(stdout).toContain('You are Alice Anders (alice)')
  return { lab, browser }
}

describe.skipIf(!hasChromium())('login in Chromium', () => {
  test.for([
    ['Approve', 0, 'You are signed in'],
    ['Refuse', 1, 'You are not signed in'],
  ] as const)('ends as one clicks: %s', async ([button, exit, shown]) => {
    const lab = terminal()
    await using chromium = await launchChromium('localhost')
    const page = await chromium.newPage()
    const child = lab.start(['login', '--no-keyring'], { BROWSER: lab.browser().words })
    const outcome = ended(child)
    const [url = ''] = await saying(child, /http:\/\/\S+\/authorize\S+/)
    await page.goto(url)
    await page.getByLabel('User name').fill('alice')
    await page.getByLabel('Password').fill('alicepassword')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: button }).click()
    await page.getByText(shown).waitFor()
    expect(new URL(page.url()).hostname).toBe('127.0.0.1')
    const { code, stdout, stderr } = await outcome
    expect(code, stderr).toBe(exit)
    if (exit === 0) {
      expect(stdout).toContain('You are Alice Anders (alice)')
      expect(parsed((await lab.run(['whoami', '--json'])).stdout)).toMatchObject({
        name: 'alice',
        by: 'token',
      })
    }
  })
})

describe('a terminal that is signed in', () => {
  let lab: Terminal
  let browser: Browser
  beforeAll(async () => {
    ;({ lab, browser } = await signedIn())
  })

  test('gives the aws command a profile for each role', async () => {
    const { code, stdout, stderr } = await lab.run(['configure'])
    expect(code, stderr).toBe(0)
    expect(stdout).toContain(`Production-ReadOnly   ${readOnly}`)
    const { stdout: caller } = await run(
      'aws',
      [
        ...['sts', 'get-caller-identity', '--profile', 'Production-ReadOnly'],
        ...['--endpoint-url', `http://localhost:${sandbox.port}`],
      ],
      { env: lab.env },
    )
    expect(parsed(caller)['Arn']).toBe(asAlice)
  })

  test('gives the SDK a profile', async () => {
    await lab.run(['configure', readOnly, '--profile', 'sdk'])
    const { stdout } = await run(
      process.execPath,
      [sdkCaller, `http://localhost:${sandbox.port}`],
      { env: { ...lab.env, AWS_PROFILE: 'sdk' } },
    )
    expect(stdout).toBe(asAlice)
  })

  test('runs a command with a role', async () => {
    const command = ['aws', 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text']
    // The command is told of the STS of the sandbox.
    const call = ['exec', 'Production/ReadOnly', '--', ...command]
    const { code, stdout, stderr } = await lab.run(call, { AWS_PROFILE: 'nobody' })
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).toBe(asAlice)
  })

  test('serves a role to the SDK', async () => {
    const child = lab.start(['serve', '--ecs', '--port', '0', '--role', 'Production/ReadOnly'], {
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a-token-of-some-length-0123456789',
    })
    const outcome = ended(child)
    const [, uri = ''] = await saying(child, /FULL_URI=(\S+)/)
    const { stdout } = await run(
      process.execPath,
      [sdkCaller, `http://localhost:${sandbox.port}`],
      {
        env: {
          ...lab.env,
          AWS_CONTAINER_CREDENTIALS_FULL_URI: uri,
          AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a-token-of-some-length-0123456789',
          AWS_CONFIG_FILE: '/dev/null',
        },
      },
    )
    child.kill('SIGTERM')
    expect(stdout).toBe(asAlice)
    expect((await outcome).code).toBe(0)
  })

  test('keeps a profile of the credentials file', async () => {
    const call = ['update', '--once', '--profile', 'kept', '--role', readOnly]
    const { code, stderr } = await lab.run(call)
    expect(code, stderr).toBe(0)
    expect(readFileSync(`${lab.home}/.aws/credentials`, 'utf8')).toMatch(
      /^\[kept\]\naws_access_key_id = ASIA\w+\n/,
    )
  })

  test('opens the console', async () => {
    const { code, stdout, stderr } = await lab.run(['console', 'Production/ReadOnly', '--print'])
    expect(code, stderr).toBe(0)
    expect(new URL(stdout.trim()).origin).toBe(`http://localhost:${sandbox.port}`)
    const visitor = new Browser(`http://localhost:${sandbox.port}`)
    let answer = await visitor.get(stdout.trim().slice(visitor.origin.length))
    for (let hops = 0; answer.location !== undefined && hops < 5; hops += 1) {
      const { pathname, search } = new URL(answer.location, visitor.origin)
      answer = await visitor.get(`${pathname}${search}`)
    }
    expect(answer.text).toContain('assumed-role/ReadOnly/alice')
  })

  test('is told why a role is not to be had', async () => {
    const role = 'arn:aws:iam::111111111111:role/Nobody'
    const { code, stdout, stderr } = await lab.run(['credential-process', '--role', role])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/Request ID [\w-]+\.\n$/)
  })

  test('is ended on the page Terminals', async () => {
    const { lab: other, browser: hers } = await signedIn()
    const page = await hers.get('/terminals')
    const ids = [...page.text.matchAll(/name="terminal" value="([^"]+)"/g)].map(([, id = '']) => id)
    for (const id of ids) await hers.submit('/terminals', '/terminals', { terminal: id })
    const { code, stderr } = await other.run(['whoami'])
    expect([code, stderr]).toEqual([3, expect.stringContaining('postern login')])
    // All of hers were.
    ;({ lab, browser } = await signedIn())
  })

  test('is ended when a refresh token is used twice', async () => {
    const { lab: other } = await signedIn()
    const stale = readFileSync(other.tokenFile, 'utf8').replace(
      /"accessEnds":\d+/,
      '"accessEnds":1',
    )
    writeFileSync(other.tokenFile, stale)
    expect((await other.run(['whoami'])).code).toBe(0)
    const renewed = readFileSync(other.tokenFile, 'utf8')
    writeFileSync(other.tokenFile, stale)
    expect((await other.run(['whoami'])).code).toBe(3)
    // The thief's copy and the owner's end alike.
    writeFileSync(other.tokenFile, renewed, { mode: 0o600 })
    const { code, stderr } = await other.run(['whoami'])
    expect(code, stderr).toBe(3)
  })

  test('is ended by logout', async () => {
    const { code, stderr } = await lab.run(['logout'])
    expect([code, stderr]).toEqual([0, ''])
    expect((await lab.run(['whoami'])).code).toBe(3)
    expect((await browser.get('/terminals')).text).toContain('No command line is signed in as you')
  })
})

test('the broker names no token in its log', async () => {
  const { lab } = await signedIn()
  const { accessToken, refreshToken } = parsed(readFileSync(lab.tokenFile, 'utf8'))
  expect(broker.output()).not.toContain(String(accessToken))
  expect(broker.output()).not.toContain(String(refreshToken))
})
