import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { request } from 'undici'
import { freePort } from '../support/free-port.ts'

const root = join(import.meta.dirname, '..', '..')

let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-start-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true })
})

interface Started {
  readonly child: ChildProcess
  /** Standard error so far. */
  readonly said: () => string
}

/** As `npm start` runs it, in an environment of these variables alone. */
function start(settings: Record<string, string>): Started {
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.cjs')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], POSTERN_SANDBOX_DIR: folder, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.push(child)
  const pieces: string[] = []
  child.stderr.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
  return { child, said: () => pieces.join('') }
}

async function ports(): Promise<{ broker: number; aws: number; settings: Record<string, string> }> {
  const [broker, aws, idp] = [await freePort(), await freePort(), await freePort()]
  const settings = {
    POSTERN_PORT: String(broker),
    POSTERN_SANDBOX_AWS_PORT: String(aws),
    POSTERN_SANDBOX_IDP_PORT: String(idp),
    POSTERN_CERTIFICATE_PORT: String(await freePort()),
  }
  return { broker, aws, settings }
}

async function exitCode({ child }: Started): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'close')
  return child.exitCode
}

async function status(host: string, port: number, path: string): Promise<number | undefined> {
  const answer = await request(`http://${host}:${port}${path}`).catch(() => undefined)
  await answer?.body.dump()
  return answer?.statusCode
}

describe('the demo', () => {
  test('ends with npm, whose shell hands no signal on', async () => {
    const { broker, settings } = await ports()
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: root,
      env: { ...process.env, POSTERN_CONFIG: undefined, POSTERN_SANDBOX_DIR: folder, ...settings },
      stdio: 'ignore',
    })
    children.push(npm)
    await expect.poll(() => status('127.0.0.1', broker, '/healthz'), { timeout: 15_000 }).toBe(200)
    npm.kill('SIGTERM')
    await expect
      .poll(() => status('127.0.0.1', broker, '/healthz'), { timeout: 5_000 })
      .toBeUndefined()
  })

  test('starts the sandbox and the broker on loopback, says where, and ends both on SIGTERM', async () => {
    const { broker, aws, settings } = await ports()
    const started = start(settings)
    await expect
      .poll(started.said, { timeout: 15_000 })
      .toContain(`Postern is on http://localhost:${broker}. Sign in as bob`)
    expect(await status('127.0.0.1', broker, '/readyz')).toBe(200)
    expect(await status('127.0.0.1', aws, '/_sandbox/issued')).toBe(200)
    // Every address of 127.0.0.0/8 is this machine; a listener on all addresses would answer here too.
    expect(await status('127.0.0.2', broker, '/healthz')).toBeUndefined()
    expect(await status('127.0.0.2', aws, '/_sandbox/issued')).toBeUndefined()
    started.child.kill('SIGTERM')
    expect(await exitCode(started)).toBe(0)
    expect(await status('127.0.0.1', broker, '/healthz')).toBeUndefined()
    expect(await status('127.0.0.1', aws, '/_sandbox/issued')).toBeUndefined()
  })

  test('listens on every address inside a container, which publishes no loopback', async () => {
    const { broker, aws, settings } = await ports()
    const started = start({ ...settings, POSTERN_DEMO_HOST: '0.0.0.0' })
    await expect.poll(started.said, { timeout: 15_000 }).toContain('Postern is on')
    expect(await status('127.0.0.2', broker, '/healthz')).toBe(200)
    expect(await status('127.0.0.2', aws, '/_sandbox/issued')).toBeDefined()
    expect(await status('localhost', broker, '/sign-in')).toBe(200)
  })

  test.each([
    [
      { POSTERN_DEMO_HOST: '192.0.2.1' },
      'POSTERN_DEMO_HOST is 192.0.2.1; it takes localhost or 0.0.0.0',
    ],
    [{ POSTERN_PORT: '70000' }, 'POSTERN_PORT is 70000; it takes a port from 1 to 65535'],
    [{ NODE_ENV: 'production' }, 'production needs POSTERN_CONFIG; see .env.example'],
  ])('refuses %o in one line', async (settings, line) => {
    const started = start(settings)
    expect(await exitCode(started)).toBe(1)
    expect(started.said()).toMatch(/^(No POSTERN_CONFIG: .*\n)?npm start: [^\n]+\n$/)
    expect(started.said()).toContain(line)
  })

  test('says which port is taken, and starts nothing', async () => {
    const { aws, settings } = await ports()
    const taken = createServer().listen(aws, '127.0.0.1')
    await once(taken, 'listening')
    try {
      const started = start(settings)
      expect(await exitCode(started)).toBe(1)
      expect(started.said()).toContain(
        `npm start: port ${aws} is taken; stop what listens there, or set POSTERN_SANDBOX_AWS_PORT to another port`,
      )
    } finally {
      taken.close()
    }
  })
})

test('with POSTERN_CONFIG runs the broker on that file, and no sandbox', async () => {
  const started = start({ POSTERN_CONFIG: join(folder, 'missing.yaml') })
  expect(await exitCode(started)).toBe(2)
  expect(started.said()).toContain('missing.yaml')
  expect(started.said()).not.toContain('sandbox')
})

test('an older Node gets one line that says what to do', async () => {
  const launcher = JSON.stringify(join(root, 'bin', 'launch.cjs'))
  const old = `Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`
  const program = `${old}; require(${launcher})('postern-server', 'src/main.ts', 'dist/main.js')`
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  await once(child, 'close')
  expect(child.exitCode).toBe(1)
  expect(said).toMatch(
    /^postern-server needs Node 24 or newer, and this is 20\.20\.2 .*npm ci brings one.*\n$/,
  )
})
