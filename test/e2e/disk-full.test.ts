import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runAdmin } from '../../src/admin/command-line.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'
import { requireCommand } from '../support/require-command.ts'
import { Browser } from '../support/browser.ts'

const [prlimit = 'prlimit'] = requireCommand('prlimit', 'util-linux')
const run = promisify(execFile)
const role = 'arn:aws:iam::111111111111:role/ReadOnly'

test('hands out nothing while the disk is full, says so, and recovers by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-full-'))
  await using sandbox = await startSandbox()
  const port = await freePort()
  const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  // The kernel then answers EFBIG instead of ending the process: no write beyond the limit succeeds.
  await using broker = await startBrokerProcess(config, port, [
    'bash',
    '-c',
    'trap "" XFSZ; exec "$0" "$@"',
  ])
  const limitFiles = (bytes: string) =>
    run(prlimit, ['--pid', String(broker.child.pid), `--fsize=${bytes}`])
  try {
    const bob = new Browser(broker.url)
    await bob.signIn('bob', 'bobpassword')
    expect((await bob.askFor(role, true)).status).toBe(303)
    expect((await bob.get('/readyz')).status).toBe(200)
    const before = sandbox.issued().length

    const size = statSync(join(folder, 'postern.db-wal')).size
    await limitFiles(`${size}:`)
    const refused = await bob.askFor(role, true)
    expect(refused.status).toBe(503)
    expect(refused.text).not.toMatch(/ASIA/)
    expect(sandbox.issued().length).toBe(before)
    await expect.poll(async () => (await bob.get('/readyz')).status, { timeout: 8000 }).toBe(503)

    await limitFiles('unlimited:')
    await expect.poll(async () => (await bob.get('/readyz')).status, { timeout: 8000 }).toBe(200)
    expect((await bob.askFor(role, true)).status).toBe(303)
    const said: string[] = []
    const io = {
      stdout: (line: string) => void said.push(line),
      stderr: (line: string) => void said.push(line),
    }
    expect(
      await runAdmin(['audit', 'verify'], io, { POSTERN_CONFIG: config }),
      said.join('\n'),
    ).toBe(0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
