import { tokenIn } from '../test/support/browser.ts'
import { role } from './bench-config.ts'
import { format, type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { costIn, openLab } from './lab.ts'
import { MeasuredProcess } from './measured-process.ts'
import { rounds } from './rounds.ts'
import { type Cost, median } from './statistics.ts'

const warmUp = 200
const operations = 600

/** AssumeRole and getSigninToken through the broker, beside the same two calls made bare by a loop. */
export async function benchIssuance(): Promise<readonly Goal[]> {
  await using lab = await openLab()
  const { broker, aws, environment } = lab
  await using bare = await MeasuredProcess.start('bare-issuance', environment, aws.url)
  const visitor = await lab.signedIn(0)
  const _csrf = tokenIn((await visitor.get('/')).text)
  const throughBroker = async (): Promise<void> => {
    const { status } = await visitor.post('/role-sessions', { _csrf, role, console: 'true' })
    if (status !== 303) throw new Error(`issuing answered ${status}`)
  }
  const runBare = async (count: number, concurrency: number): Promise<readonly number[]> => {
    const asked = { ask: 'run', operations: count, concurrency }
    return (await bare.ask<{ latencies: number[] }>(asked)).latencies
  }
  await inParallel(warmUp, 8, throughBroker)
  await runBare(warmUp, 8)

  const rows: string[][] = []
  const goals: Goal[] = []
  // One at once, each of the four durable commits of an issuance has a flush of its own; together they share one.
  for (const { concurrency, atMost } of [
    { concurrency: 1, atMost: 4.5 },
    { concurrency: 32, atMost: 2.5 },
  ]) {
    const bareCosts: Cost[] = []
    const brokerCosts: Cost[] = []
    for (let round = 0; round < rounds; round += 1) {
      bareCosts.push(await costIn(bare, () => runBare(operations, concurrency)))
      brokerCosts.push(
        await costIn(broker, () => inParallel(operations, concurrency, throughBroker)),
      )
    }
    const [base, ours] = [median(bareCosts), median(brokerCosts)]
    rows.push(rowOf(`bare calls, ${concurrency} at once`, base, base))
    rows.push(rowOf(`through the broker, ${concurrency} at once`, ours, base))
    goals.push({
      name: `issuance, ${concurrency} at once, CPU against the bare calls`,
      value: ours.cpu / base.cpu,
      atMost,
      unit: 'times',
    })
  }
  print('## Issuance: AssumeRole and getSigninToken')
  print()
  printTable(['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second'], rows)
  return goals
}

function rowOf(name: string, cost: Cost, base: Cost): string[] {
  const { cpu, p50, p99, perSecond } = cost
  return [name, format(cpu), format(cpu / base.cpu), format(p50), format(p99), format(perSecond)]
}
