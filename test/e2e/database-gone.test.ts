import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { Browser } from '../support/browser.ts'
import { startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'

const role = 'arn:aws:iam::111111111111:role/ReadOnly'

test.each(['', '-wal'])('hands out nothing once its postern.db%s was deleted', async (part) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-gone-'))
  await using sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  await using broker = await startBrokerProcess(config, port)
  try {
    const bob = new Browser(broker.url)
    await bob.signIn('bob', 'bobpassword')
    expect((await bob.askFor(role, true)).status).toBe(303)
    const before = sandbox.issued().length

    rmSync(join(folder, `postern.db${part}`))
    const refused = await bob.askFor(role, true)
    expect(refused.status).toBe(503)
    expect(refused.text).not.toMatch(/ASIA/)
    expect(sandbox.issued().length).toBe(before)
    expect((await bob.get('/readyz')).status).toBe(503)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
