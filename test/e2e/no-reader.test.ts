import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { Browser } from '../support/browser.ts'
import { startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'

const role = 'arn:aws:iam::111111111111:role/ReadOnly'

test('serves on when nobody reads the log and the trail any longer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-no-reader-'))
  await using sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  const text = readFileSync(config, 'utf8')
  writeFileSync(config, text.replace('audit: { key', 'audit: { stdout: true, key'))
  await using broker = await startBrokerProcess(config, port)
  try {
    broker.child.stdout?.destroy()
    broker.child.stderr?.destroy()
    const bob = new Browser(broker.url)
    await bob.signIn('bob', 'bobpassword')
    expect((await bob.askFor(role, true)).status).toBe(303)
    expect((await bob.get('/readyz')).status).toBe(200)
    expect(await broker.end('SIGTERM')).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
