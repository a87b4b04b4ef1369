import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoEnvironment } from '../test/support/broker-process.ts'
import { Browser } from '../test/support/browser.ts'
import { freePort } from '../test/support/free-port.ts'
import { password, writeBenchConfig } from './bench-config.ts'
import { openDirectoryLab, passwords, people } from './directory-lab.ts'
import { format, type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { costIn } from './lab.ts'
import { MeasuredProcess } from './measured-process.ts'
import { type Cost, median } from './statistics.ts'

const rounds = 3
const atOnce = 8

/** One side of a comparison: so many sign-ins in a process of its own. Gives the milliseconds of each. */
interface Side {
  readonly name: string
  readonly process: MeasuredProcess
  readonly run: (operations: number) => Promise<readonly number[]>
  readonly prepare?: (operations: number) => Promise<unknown>
}

interface Comparison {
  readonly base: Side
  readonly ours: Side
  readonly operations: number
  readonly atMost: number
}

/** Sign-ins by each method, each beside the library that it stands on. SAML has a part of its own. */
export async function benchSignIn(): Promise<readonly Goal[]> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-sign-in-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const environment = demoEnvironment()
  const directory = opened.use(await openDirectoryLab(folder, environment))
  const config = await writeBenchConfig(folder, await freePort(), 'http://localhost:9', [
    directory.method,
  ])
  const start = async (child: string, ...argv: string[]): Promise<MeasuredProcess> =>
    opened.use(await MeasuredProcess.start(child, environment, ...argv))
  const broker = await start('broker', config)
  const agent = opened.adopt(new Agent({ keepAlive: true, maxSockets: 64 }), (open) => {
    open.destroy()
  })
  const ldap = await start('bare-ldap', directory.url, directory.ca)
  const kerberos = await start(
    'kerberos-sign-in',
    directory.url,
    directory.ca,
    join(folder, 'k.db'),
  )
  const certificates = await start('certificate-sign-in', folder)

  const byForm =
    (method: string, nameOf: (index: number) => string, typed: string) =>
    async (operations: number): Promise<readonly number[]> =>
      inParallel(operations, atOnce, async (index) => {
        const fields = { username: nameOf(index), password: typed }
        const visitor = new Browser(broker.url, agent)
        const { status } = await visitor.submit('/sign-in', `/sign-in/${method}`, fields)
        if (status !== 303) throw new Error(`signing in by ${method} answered ${status}`)
      })
  const comparisons: readonly Comparison[] = [
    {
      base: side('argon2id alone', await start('bare-argon2')),
      ours: {
        name: 'local form',
        process: broker,
        run: byForm('local', (index) => `user${index % atOnce}`, password),
      },
      operations: 120,
      atMost: 1.75,
    },
    {
      base: side('ldapts, 3 binds and 3 searches', ldap, 'sign-in'),
      ours: {
        name: 'Active Directory, form',
        process: broker,
        run: byForm('ad', (index) => people[index % people.length] ?? '', passwords.person),
      },
      operations: 240,
      atMost: 3,
    },
    {
      base: side('ldapts, 1 bind and 2 searches', ldap, 'look-up'),
      ours: {
        ...side('Kerberos, without GSSAPI', kerberos),
        prepare: (operations) => kerberos.ask({ ask: 'prepare', operations }),
      },
      operations: 240,
      atMost: 2,
    },
    {
      base: side('X509Certificate, a chain of 3', certificates, 'bare'),
      ours: side('client certificate, with lists', certificates, 'ours'),
      operations: 2_000,
      atMost: 2.5,
    },
  ]
  const rows: string[][] = []
  const goals: Goal[] = []
  for (const comparison of comparisons) {
    const { base, ours } = await compare(comparison)
    rows.push(await rowOf(comparison.base, base, base), await rowOf(comparison.ours, ours, base))
    goals.push({
      name: `sign-in by ${comparison.ours.name}, CPU against the library`,
      value: ours.cpu / base.cpu,
      atMost: comparison.atMost,
      unit: 'times',
    })
  }
  print(`## Sign-ins by method, ${atOnce} at once`)
  print()
  printTable(['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second', 'resident MiB'], rows)
  return goals
}

/** A child that does the work itself. */
function side(name: string, child: MeasuredProcess, work?: string): Side {
  return {
    name,
    process: child,
    run: async (operations) =>
      (await child.ask<{ latencies: number[] }>({ work, operations, concurrency: atOnce }))
        .latencies,
  }
}

/** In turns, so that whatever else the machine does meets both. The first round warms both up. */
async function compare({
  base,
  ours,
  operations,
}: Comparison): Promise<{ base: Cost; ours: Cost }> {
  const costs: { base: Cost; ours: Cost }[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const cost = async ({ process: child, run, prepare }: Side): Promise<Cost> => {
      await prepare?.(operations)
      return costIn(child, () => run(operations))
    }
    costs.push({ base: await cost(base), ours: await cost(ours) })
  }
  const measured = costs.slice(1)
  return {
    base: median(measured.map((cost) => cost.base)),
    ours: median(measured.map((cost) => cost.ours)),
  }
}

async function rowOf(measured: Side, cost: Cost, base: Cost): Promise<string[]> {
  const { cpu, p50, p99, perSecond } = cost
  const { rss } = await measured.process.usage()
  const figures = [cpu, cpu / base.cpu, p50, p99, perSecond, rss / 2 ** 20]
  return [measured.name, ...figures.map(format)]
}
