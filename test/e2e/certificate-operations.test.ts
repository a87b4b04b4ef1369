import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keptDemoPki } from '../../sandbox/pki/kept-demo-pki.ts'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { startBrokerProcess } from '../support/broker-process.ts'
import { tlsAsk, type TlsAnswer } from '../support/certificates/tls-ask.ts'
import { freePort } from '../support/free-port.ts'

let folder: string
let sandbox: Sandbox
let port: number
let certificates: number
let config: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-certificates-'))
  await keptDemoPki(folder, new Date())
  sandbox = await startSandbox()
  port = await freePort()
  certificates = await freePort()
  config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port, certificates })
})

afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

function askAsMachine(): Promise<TlsAnswer> {
  const pem = readFileSync(join(folder, 'machine.pem'), 'utf8')
  return tlsAsk(`https://localhost:${certificates}/api/v1/role-sessions`, {
    ca: readFileSync(join(folder, 'ca.pem'), 'utf8'),
    certificate: { certificate: pem, key: pem },
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'arn:aws:iam::222222222222:role/ReadOnly' }),
  })
}

describe('a server that takes certificates', () => {
  test('finishes what a machine asked for before it stops', async () => {
    await using broker = await startBrokerProcess(config, port)
    sandbox.faults.next('AssumeRole', { kind: 'slow', milliseconds: 1500 })
    const asking = askAsMachine()
    await delay(500)
    const ended = broker.end('SIGTERM')
    expect((await asking).status).toBe(201)
    expect(await ended).toBe(0)
    expect(broker.output()).toContain('"drained"')
    await expect(askAsMachine()).rejects.toThrow()
  })

  test('reads its files again on SIGHUP, and goes on', async () => {
    await using broker = await startBrokerProcess(config, port)
    expect(broker.output()).not.toContain('certificate files were read again')
    broker.child.kill('SIGHUP')
    await expect.poll(() => broker.output()).toContain('certificate files were read again')
    expect((await askAsMachine()).status).toBe(201)
  })

  test('says in one line that the port for certificates is taken, and ends', async () => {
    const other = createServer().listen(certificates, '127.0.0.1')
    await once(other, 'listening')
    const failed = startBrokerProcess(config, port)
    await expect(failed).rejects.toThrow(
      `postern-server: port ${certificates} on 127.0.0.1 is taken; stop what listens there, or set another port\n`,
    )
    other.close()
  })

  test('names every file that it can not use, and does not start', async () => {
    rmSync(join(folder, 'ca.pem'))
    rmSync(join(folder, 'ca.crl'))
    const failed = await startBrokerProcess(config, port).catch((error: unknown) => String(error))
    expect(failed).toContain('certificate can not be used')
    expect(failed).toContain(join(folder, 'ca.pem'))
    expect(failed).toContain(join(folder, 'ca.crl'))
  })
})
