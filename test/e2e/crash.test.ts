import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAdmin } from '../../src/admin/command-line.ts'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { alterConfig } from '../support/alter-config.ts'
import { type BrokerProcess, startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'
import { Browser } from '../support/browser.ts'

const kills = 20
const visitors = 6
const role = 'arn:aws:iam::111111111111:role/ReadOnly'

let folder: string
let sandbox: Sandbox
let config: string
let port: number
const received = new Set<string>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-crash-'))
  sandbox = await startSandbox()
  port = await freePort()
  config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
  alterConfig(config, { 'issuers.hub.reuse': 0 })
})

afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Asks for role sessions, keeping the access key ID of each that a page showed, until the broker is gone. */
async function askUntilTheEnd(visitor: Browser, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const answer = await visitor.askFor(role, true)
    const page = await visitor.get(answer.location ?? '')
    const [accessKeyId] = /ASIA[A-Z0-9]{12,}/.exec(page.text) ?? []
    if (accessKeyId === undefined) throw new Error(`no credentials on the page: ${page.status}`)
    received.add(accessKeyId)
  }
}

async function loadAndKill(broker: BrokerProcess, milliseconds: number): Promise<void> {
  const people = Array.from({ length: visitors }, () => new Browser(broker.url))
  for (const visitor of people) {
    expect((await visitor.signIn('bob', 'bobpassword')).status).toBe(303)
  }
  const killed = new AbortController()
  const loops = people.map((visitor) =>
    askUntilTheEnd(visitor, killed.signal).catch((error: unknown) => {
      if (!killed.signal.aborted) throw error
    }),
  )
  const kill = async (): Promise<void> => {
    await delay(milliseconds)
    killed.abort()
    await broker.end('SIGKILL')
  }
  await Promise.all([...loops, kill()])
}

interface TrailLine {
  readonly event: {
    readonly type: string
    readonly accessKeyId?: string
    readonly roleSession?: string
  }
}

async function admin(...argv: string[]): Promise<{ code: number; lines: readonly string[] }> {
  const lines: string[] = []
  const keep = (line: string): void => void lines.push(line)
  const code = await runAdmin(argv, { stdout: keep, stderr: keep }, { POSTERN_CONFIG: config })
  return { code, lines }
}

test(
  `releases nothing unrecorded, killed ${kills} times under load`,
  { timeout: 180_000 },
  async () => {
    for (let round = 0; round < kills; round += 1) {
      const broker = await startBrokerProcess(config, port)
      await loadAndKill(broker, 20 + Math.random() * 600)
    }
    const verified = await admin('audit', 'verify')
    expect(verified).toMatchObject({ code: 0 })

    const trail = (await admin('audit', 'export')).lines.map(
      (line) => JSON.parse(line) as TrailLine,
    )
    const issued = trail.filter(({ event }) => event.type === 'role-session-issued')
    const recorded = new Set(issued.map(({ event }) => event.accessKeyId))
    expect(received.size).toBeGreaterThan(kills)
    expect([...received].filter((accessKeyId) => !recorded.has(accessKeyId))).toEqual([])

    const requested = trail.filter(({ event }) => event.type === 'role-session-requested').length
    const given = sandbox.issued()
    expect(given.length).toBeGreaterThanOrEqual(received.size)
    expect(requested).toBeGreaterThanOrEqual(given.length)
    const keys = new Set(given.map(({ accessKeyId }) => accessKeyId))
    expect([...recorded].filter((accessKeyId) => !keys.has(String(accessKeyId)))).toEqual([])
    expect(readFileSync(join(folder, 'postern.db')).includes('bobpassword')).toBe(false)
  },
)
