import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { raw } from './raw-http.ts'
import { assume, keysOf, stsClient } from './sdk.ts'

const MAIN = new URL('../../sandbox/main.ts', import.meta.url).pathname
const RoleArn = 'arn:aws:iam::111111111111:role/ReadOnly'

let folder: string
const children: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

interface Started {
  readonly child: ChildProcess
  readonly stderr: Promise<string>
}

function start(settings: Record<string, string>): Started {
  const env = {
    PATH: process.env['PATH'],
    POSTERN_SANDBOX_DIR: join(folder, 'state'),
    POSTERN_SANDBOX_IDP_PORT: '0',
    ...settings,
  }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  children.push(child)
  return { child, stderr: text(child.stderr) }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function running(): Promise<Started & { url: string; port: number }> {
  const port = await freePort()
  const started = start({ POSTERN_SANDBOX_AWS_PORT: String(port) })
  const url = `http://localhost:${port}`
  await expect
    .poll(() => raw(url, { method: 'GET', path: '/_sandbox' }).catch(() => undefined), {
      timeout: 10_000,
    })
    .toBeDefined()
  return { ...started, url, port }
}

async function exitCode({ child }: Started): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

describe('the process', () => {
  test('listens on both loopback addresses and on no other', async () => {
    const { port } = await running()
    for (const host of ['127.0.0.1', '[::1]']) {
      const answer = await raw(`http://${host}:${port}`, { method: 'GET', path: '/_sandbox' })
      expect(answer.status).toBe(200)
    }
    const others = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
    )
    for (const { address } of others) {
      const attempt = raw(`http://${address}:${port}`, { method: 'GET', path: '/_sandbox' })
      await expect(attempt).rejects.toThrow(/ECONNREFUSED/)
    }
  })

  test('says in one line that its port is taken, and stops', async () => {
    const taken = createServer().listen(0, '::1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const started = start({ POSTERN_SANDBOX_AWS_PORT: String(port) })
    expect(await exitCode(started)).toBe(1)
    expect(await started.stderr).toBe(
      `sandbox: port ${port} of localhost is taken. Stop what uses it, or set POSTERN_SANDBOX_AWS_PORT.\n`,
    )
    taken.close()
  })

  test('says the same of the port of the identity provider', async () => {
    const taken = createServer().listen(0, '::1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const started = start({
      POSTERN_SANDBOX_AWS_PORT: String(await freePort()),
      POSTERN_SANDBOX_IDP_PORT: String(port),
    })
    expect(await exitCode(started)).toBe(1)
    expect(await started.stderr).toBe(
      `sandbox: port ${port} of localhost is taken. Stop what uses it, or set POSTERN_SANDBOX_IDP_PORT.\n`,
    )
    taken.close()
  })

  test.each(['x', '70000', '-1', '80.5'])(
    'stops when told to listen on port "%s"',
    async (port) => {
      const started = start({ POSTERN_SANDBOX_AWS_PORT: port })
      expect(await exitCode(started)).toBe(1)
      expect(await started.stderr).toBe('sandbox: POSTERN_SANDBOX_AWS_PORT is not a port\n')
    },
  )

  test('lets an answer under way end when it is told to stop', async () => {
    const started = await running()
    await raw(started.url, {
      path: '/_sandbox/faults',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'AssumeRole', fault: { kind: 'slow', milliseconds: 400 } }),
    })
    const slow = assume(started.url, { RoleArn })
    await expect.poll(() => readFile(join(folder, 'state/issued.jsonl'), 'utf8')).toContain('ASIA')
    started.child.kill('SIGTERM')
    expect(keysOf(await slow).accessKeyId).toMatch(/^ASIA/)
    expect(await exitCode(started)).toBe(0)
  })

  test('has a line for each role session it issued, even when it is killed', async () => {
    const started = await running()
    const names = Array.from({ length: 20 }, (_, i) => `user${i}`)
    const issued = await Promise.all(
      names.map((RoleSessionName) => assume(started.url, { RoleArn, RoleSessionName })),
    )
    started.child.kill('SIGKILL')
    await exitCode(started)
    const file = join(folder, 'state/issued.jsonl')
    const content = await readFile(file, 'utf8')
    const lines = content
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { accessKeyId: string })
    const keys = issued.map((answer) => keysOf(answer))
    expect(new Set(lines.map((line) => line.accessKeyId))).toEqual(
      new Set(keys.map((key) => key.accessKeyId)),
    )
    for (const key of keys) expect(content).not.toContain(key.secretAccessKey)
    expect((await stat(file)).mode & 0o077).toBe(0)
  })

  test('still knows its sessions after a restart, and appends to its record', async () => {
    const first = await running()
    const keys = keysOf(await assume(first.url, { RoleArn }))
    first.child.kill('SIGTERM')
    await exitCode(first)
    const second = await running()
    const who = await stsClient(second.url, keys).send(new GetCallerIdentityCommand({}))
    expect(who.Arn).toBe('arn:aws:sts::111111111111:assumed-role/ReadOnly/bob')
    await assume(second.url, { RoleArn })
    const content = await readFile(join(folder, 'state/issued.jsonl'), 'utf8')
    expect(content.trimEnd().split('\n')).toHaveLength(2)
    expect((await stat(join(folder, 'state/session-token.key'))).mode & 0o077).toBe(0)
  })
})
