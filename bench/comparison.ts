import { format, type Goal } from './goals.ts'
import { costIn } from './lab.ts'
import type { MeasuredProcess } from './measured-process.ts'
import { rounds } from './rounds.ts'
import { type Cost, median } from './statistics.ts'

/** Operations at a time, on both sides. */
export const atOnce = 8

/** One side of a comparison: so many operations in a process of its own. */
export interface Side {
  readonly name: string
  readonly process: MeasuredProcess
  /** Gives the milliseconds of each operation. */
  readonly run: (operations: number) => Promise<readonly number[]>
  /** Before the clock runs. */
  readonly prepare?: (operations: number) => Promise<unknown>
}

export interface Comparison {
  readonly base: Side
  readonly ours: Side
  readonly operations: number
  /** What ours may cost at most, as a multiple of the base. */
  readonly atMost: number
}

/** A child that does the work itself. `work` tells which, where it can do several. */
export function inChild(name: string, child: MeasuredProcess, work?: string): Side {
  return {
    name,
    process: child,
    run: async (operations) => {
      const asked = { ask: 'run', work, operations, concurrency: atOnce }
      return (await child.ask<{ latencies: number[] }>(asked)).latencies
    },
  }
}

export const costHead = ['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second', 'resident MiB']

/** Both sides in turns, so that whatever else the machine does meets both. The first round warms them up. */
export async function compare({
  base,
  ours,
  operations,
  atMost,
}: Comparison): Promise<{ readonly rows: readonly string[][]; readonly goal: Goal }> {
  const costs: { base: Cost; ours: Cost }[] = []
  const cost = async ({ process: child, run, prepare }: Side): Promise<Cost> => {
    await prepare?.(operations)
    return costIn(child, () => run(operations))
  }
  for (let round = 0; round <= rounds; round += 1) {
    costs.push({ base: await cost(base), ours: await cost(ours) })
  }
  const measured = costs.slice(1)
  const baseCost = median(measured.map((one) => one.base))
  const oursCost = median(measured.map((one) => one.ours))
  const value = oursCost.cpu / baseCost.cpu
  return {
    rows: [await rowOf(base, baseCost, 1), await rowOf(ours, oursCost, value)],
    goal: { name: `${ours.name}, CPU against ${base.name}`, value, atMost, unit: 'times' },
  }
}

async function rowOf(side: Side, cost: Cost, ratio: number): Promise<string[]> {
  const { cpu, p50, p99, perSecond } = cost
  const { rss } = await side.process.usage()
  return [side.name, ...[cpu, ratio, p50, p99, perSecond, rss / 2 ** 20].map(format)]
}
