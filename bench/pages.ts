import { request } from 'undici'
import { role } from './bench-config.ts'
import { format, type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { costIn, openLab } from './lab.ts'
import { MeasuredProcess } from './measured-process.ts'
import { rounds } from './rounds.ts'
import { type Cost, median } from './statistics.ts'

const operations = 1500

/** The pages that people see most, beside bare node:http with a body of the same size. */
export async function benchPages(): Promise<readonly Goal[]> {
  await using lab = await openLab()
  const { broker, environment } = lab
  const visitor = await lab.signedIn(0)
  const issued = await visitor.askFor(role, true)
  const pages = [
    { name: 'roles page, 40 roles', path: '/', atMost: 25 },
    { name: 'results page', path: issued.location ?? '/', atMost: 40 },
  ]
  const rows: string[][] = []
  const goals: Goal[] = []
  for (const { name, path, atMost } of pages) {
    const size = Buffer.byteLength((await visitor.get(path)).text)
    await using bare = await MeasuredProcess.start('bare-page', environment, String(size))
    const getBare = async (): Promise<void> => {
      await (await request(bare.url)).body.dump()
    }
    const getOurs = async (): Promise<void> => {
      const { status } = await visitor.get(path)
      if (status !== 200) throw new Error(`${path} answered ${status}`)
    }
    const costs: { base: Cost[]; ours: Cost[] } = { base: [], ours: [] }
    await inParallel(operations, 8, getOurs)
    await inParallel(operations, 8, getBare)
    for (let round = 0; round < rounds; round += 1) {
      costs.base.push(await costIn(bare, () => inParallel(operations, 8, getBare)))
      costs.ours.push(await costIn(broker, () => inParallel(operations, 8, getOurs)))
    }
    const [base, ours] = [median(costs.base), median(costs.ours)]
    const kilobytes = `${format(size / 1024)} kB`
    for (const [label, cost] of [
      [`node:http, ${kilobytes}`, base],
      [`${name}, ${kilobytes}`, ours],
    ] as const) {
      const { cpu, p50, p99, perSecond } = cost
      rows.push([
        label,
        format(cpu),
        format(cpu / base.cpu),
        format(p50),
        format(p99),
        format(perSecond),
      ])
    }
    goals.push({
      name: `${name}, CPU against node:http`,
      value: ours.cpu / base.cpu,
      atMost,
      unit: 'times',
    })
  }
  print('## Pages, 8 at once')
  print()
  printTable(['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second'], rows)
  return goals
}
