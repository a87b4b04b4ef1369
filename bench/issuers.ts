import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { demoEnvironment } from '../test/support/broker-process.ts'
import { format, type Goal, print, printTable } from './goals.ts'
import { timersLast, type Way, ways, writeIssuersConfig } from './issuers-lab.ts'
import { costIn } from './lab.ts'
import { MeasuredProcess } from './measured-process.ts'
import { rounds } from './rounds.ts'
import { type Cost, median } from './statistics.ts'

const warmUp = 200
const issues = 500
const signatures = 1_500
const hits = 20_000
const together = 8

const names: Readonly<Record<Way, string>> = {
  hub: 'AssumeRole',
  saml: 'AssumeRoleWithSAML, as provider',
  anywhere: 'CreateSession, one certificate',
  people: 'CreateSession, a certificate each',
  federated: 'GetFederationToken',
}
/** What CPU may be at most, beside the bare calls. */
const issueLimits: Readonly<Record<Way, number>> = {
  hub: 1.8,
  saml: 4,
  anywhere: 3,
  people: 8,
  federated: 1.8,
}
const signingLimits: Readonly<Record<string, number>> = {
  'rsa-2048': 1.5,
  'p-256': 3,
  'ml-dsa-65': 1.5,
}

interface Pair {
  readonly ours: MeasuredProcess
  readonly bare: MeasuredProcess
}

/** Signing, issuance and reuse, beside the bare calls and signatures of the same run. */
export async function benchIssuers(): Promise<readonly Goal[]> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-issuers-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const environment = demoEnvironment()
  const aws = opened.use(await MeasuredProcess.start('aws-stub', environment))
  const config = await writeIssuersConfig(folder, aws.url)
  const pair = {
    ours: opened.use(await MeasuredProcess.start('issuers', environment, config)),
    bare: opened.use(await MeasuredProcess.start('bare-issuers', environment, folder, aws.url)),
  }
  return [...(await signing(pair)), ...(await issuing(pair)), ...(await reusing(pair))]
}

async function signing(pair: Pair): Promise<readonly Goal[]> {
  const rows: string[][] = []
  const goals: Goal[] = []
  for (const [way, atMost] of Object.entries(signingLimits)) {
    const { ours, base } = await measured(pair, { work: 'sign', way }, signatures)
    const kind = way.toUpperCase()
    rows.push(
      rowOf(`crypto.sign, ${kind}`, base, base),
      rowOf(`CreateSession, ${kind}`, ours, base),
    )
    goals.push(
      ratioOf(`CreateSession signed with ${kind}, CPU against crypto.sign`, ours, base, atMost),
    )
  }
  print('## Signing CreateSession')
  print()
  printTable(['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second'], rows)
  return goals
}

async function issuing(pair: Pair): Promise<readonly Goal[]> {
  const rows: string[][] = []
  const goals: Goal[] = []
  for (const way of ways) {
    const { ours, base } = await measured(pair, { work: 'issue', way }, issues)
    rows.push(rowOf(`bare calls: ${names[way]}`, base, base), rowOf(names[way], ours, base))
    goals.push(ratioOf(`${names[way]}, CPU against the bare calls`, ours, base, issueLimits[way]))
  }
  print(`## Issuers, ${together} at once`)
  print()
  printTable(['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second'], rows)
  return [...goals, await memory(pair.ours)]
}

/** What stays of a role session in the process that issued it, once its timers are over; the less of two passes. */
async function memory(ours: MeasuredProcess): Promise<Goal> {
  const sessions = issues * ways.length
  const held: number[] = []
  for (let pass = 0; pass < 3; pass += 1) {
    for (const way of ways) await run(ours, { work: 'issue', way }, issues)
    await delay(timersLast)
    held.push((await ours.usage()).heap)
  }
  const [first = 0, second = 0, third = 0] = held
  const kept = Math.max(0, Math.min(second - first, third - second)) / sessions
  const { rss } = await ours.usage()
  print(`Heap kept per role session, of ${sessions}: ${format(kept)} bytes.`)
  print(`Resident memory of the process with all issuers: ${format(rss / 2 ** 20)} MiB.`)
  print()
  return { name: 'heap kept per role session', value: kept, atMost: 512, unit: 'bytes' }
}

/** The same request again within the minute: no call, and no new credentials. */
async function reusing(pair: Pair): Promise<readonly Goal[]> {
  const { ours, base } = await measured(pair, { work: 'issue', way: 'hub' }, issues)
  await run(pair.ours, { work: 'issue', way: 'reusing' }, warmUp)
  const costs: Cost[] = []
  for (let round = 0; round < rounds; round += 1)
    costs.push(
      await costIn(pair.ours, () => run(pair.ours, { work: 'issue', way: 'reusing' }, hits)),
    )
  const hit = median(costs)
  print('## The same request again')
  print()
  printTable(
    ['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second'],
    [
      rowOf('bare AssumeRole', base, base),
      rowOf('AssumeRole', ours, base),
      rowOf('handed out again', hit, base),
    ],
  )
  return [ratioOf('credentials handed out again, CPU against a bare AssumeRole', hit, base, 0.05)]
}

/** Both in turns, after a warm-up. */
async function measured(
  { ours, bare }: Pair,
  question: Readonly<Record<string, string>>,
  operations: number,
): Promise<{ readonly ours: Cost; readonly base: Cost }> {
  for (const worker of [bare, ours]) await run(worker, question, warmUp)
  const costs: { readonly ours: Cost[]; readonly base: Cost[] } = { ours: [], base: [] }
  for (let round = 0; round < rounds; round += 1) {
    costs.base.push(await costIn(bare, () => run(bare, question, operations)))
    costs.ours.push(await costIn(ours, () => run(ours, question, operations)))
  }
  return { ours: median(costs.ours), base: median(costs.base) }
}

async function run(
  worker: MeasuredProcess,
  question: Readonly<Record<string, string>>,
  operations: number,
): Promise<readonly number[]> {
  const asked = { ask: 'run', ...question, operations, concurrency: together }
  return (await worker.ask<{ latencies: number[] }>(asked)).latencies
}

function ratioOf(name: string, ours: Cost, base: Cost, atMost: number): Goal {
  return { name, value: ours.cpu / base.cpu, atMost, unit: 'times' }
}

function rowOf(name: string, cost: Cost, base: Cost): string[] {
  const { cpu, p50, p99, perSecond } = cost
  return [name, format(cpu), format(cpu / base.cpu), format(p50), format(p99), format(perSecond)]
}
