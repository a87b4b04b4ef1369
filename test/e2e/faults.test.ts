import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../sandbox/faults/faults.ts'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { alterConfig } from '../support/alter-config.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'
import { type Answer, Browser } from '../support/browser.ts'

const role = 'arn:aws:iam::111111111111:role/ReadOnly'
let folder: string
let sandbox: Sandbox
let broker: BrokerProcess
let bob: Browser

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-faults-'))
  sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  alterConfig(config, { 'issuers.hub.reuse': 0, 'aws.circuit.failures': 1000 })
  broker = await startBrokerProcess(config, port)
  bob = new Browser(broker.url)
  await bob.signIn('bob', 'bobpassword')
})

afterEach(() => {
  sandbox.faults.clear()
})

afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask(): Promise<Answer> {
  const answer = await bob.askFor(role, true)
  return answer.status === 303 ? bob.get(answer.location ?? '') : answer
}

function expectReference({ text }: Answer): void {
  expect(text).toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/)
}

describe('STS', () => {
  test.each<Fault>([{ kind: 'throttling' }, { kind: 'internal-failure' }, { kind: 'unavailable' }])(
    'is asked again after one answer of $kind, and nobody notices',
    async (fault) => {
      sandbox.faults.next('AssumeRole', fault)
      const page = await ask()
      expect(page.status).toBe(200)
      expect(page.text).toMatch(/ASIA[A-Z0-9]{12,}/)
    },
  )

  test.each<[Fault, number]>([
    [{ kind: 'throttling' }, 503],
    [{ kind: 'internal-failure' }, 503],
    [{ kind: 'unavailable' }, 503],
    [{ kind: 'html' }, 503],
    [{ kind: 'half-answer' }, 503],
    [{ kind: 'reset' }, 503],
    [{ kind: 'region-disabled' }, 502],
    [{ kind: 'access-denied' }, 502],
    [{ kind: 'expired-token' }, 502],
  ])('that keeps failing with %o gets a page that says what to do', async (fault, status) => {
    sandbox.faults.next('AssumeRole', fault, 8)
    const page = await ask()
    expect(page.status).toBe(status)
    expect(page.text).toMatch(/<h1[^>]*>/)
    expect(page.text).not.toMatch(/ASIA|demo\+only|at .*\.ts:/)
    expectReference(page)
  })

  test('that can not be reached at all gets one too', async () => {
    await sandbox.faults.refuseConnections(1000)
    const page = await ask()
    expect(page.status).toBe(503)
    expectReference(page)
    await expect.poll(async () => (await ask()).status, { timeout: 8000 }).toBe(200)
  })
})

describe('the federation endpoint', () => {
  test('that refuses the duration is asked once without it, and the page says so', async () => {
    sandbox.faults.next('getSigninToken', { kind: 'bad-request' })
    const page = await ask()
    expect(page.text).toContain('Open console')
    expect(page.text).toMatch(/AWS refused/)
  })

  test.each<Fault>([
    { kind: 'bad-request' },
    { kind: 'html' },
    { kind: 'half-answer' },
    { kind: 'unavailable' },
  ])('that keeps failing with %o costs nobody the credentials', async (fault) => {
    sandbox.faults.next('getSigninToken', fault, 8)
    const page = await ask()
    expect(page.status).toBe(200)
    expect(page.text).toMatch(/ASIA[A-Z0-9]{12,}/)
    expect(page.text).not.toContain('Open console')
  })
})
