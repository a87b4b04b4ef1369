import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { demoEnvironment, startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'
import { Browser } from '../support/browser.ts'

const root = join(import.meta.dirname, '..', '..')
let folder: string
let sandbox: Sandbox
let port: number
let config: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-operations-'))
  sandbox = await startSandbox()
  port = await freePort()
  config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
})

afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs `postern-server` until it ends by itself. */
async function ending(environment: NodeJS.ProcessEnv): Promise<{ code: unknown; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'bin', 'postern-server.cjs')], {
    env: { ...demoEnvironment(), ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const pieces: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => pieces.push(text))
  const [code] = (await once(child, 'exit')) as unknown[]
  return { code, stderr: pieces.join('') }
}

describe('stopping', () => {
  test('finishes the request that is under way, twice signalled, and then ends', async () => {
    await using broker = await startBrokerProcess(config, port)
    const bob = new Browser(broker.url)
    await bob.signIn('bob', 'bobpassword')
    sandbox.faults.next('AssumeRole', { kind: 'slow', milliseconds: 1500 })
    const asking = bob.askFor('arn:aws:iam::111111111111:role/ReadOnly', true)
    await delay(500)
    broker.child.kill('SIGTERM')
    await delay(100)
    const ended = broker.end('SIGINT')
    expect((await asking).status).toBe(303)
    expect(await ended).toBe(0)
    expect(broker.output()).toContain('"drained"')
    await expect(request(`${broker.url}/healthz`)).rejects.toThrow()
  })
})

describe('starting', () => {
  test('says in one line that a port is taken, and ends', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const { code, stderr } = await ending({ POSTERN_CONFIG: config })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toBe(
      `postern-server: port ${port} on 127.0.0.1 is taken; stop what listens there, or set another port\n`,
    )
  })

  test('says the same of the operations port, and does not stay half open', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const taken = address !== null && typeof address === 'object' ? address.port : 0
    const moved = readFileSync(config, 'utf8').replace('port: 0 }', `port: ${taken} }`)
    writeFileSync(config, moved)
    const { code, stderr } = await ending({ POSTERN_CONFIG: config })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain('is taken')
  })

  test('asks for a configuration when it has none', async () => {
    const { code, stderr } = await ending({ POSTERN_CONFIG: '' })
    expect(code).toBe(1)
    expect(stderr).toContain('set POSTERN_CONFIG')
  })

  test('tells every fault of a bad configuration at once', async () => {
    const bad = readFileSync(config, 'utf8')
      .replace('publicUrl: http://localhost', 'publicUrl: http://aws.corp.example')
      .replace('issuer: hub', 'issuer: hubb')
      .replace('tone: danger', 'tone: purple')
    writeFileSync(config, `${bad}\nunknwon: 1\n`)
    const { code, stderr } = await ending({ POSTERN_CONFIG: config })
    expect(code).toBe(2)
    for (const path of ['publicUrl', 'roles[0].issuer', 'accounts', 'unknwon']) {
      expect(stderr).toContain(path)
    }
  })

  test('refuses a database of a newer version, and leaves it alone', async () => {
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(join(folder, 'postern.db'))
    database.exec('PRAGMA application_id = 0; PRAGMA user_version = 9999')
    database.close()
    const { code, stderr } = await ending({ POSTERN_CONFIG: config })
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
