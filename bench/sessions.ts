import { format, type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { openLab } from './lab.ts'

const sessions = 500
const atOnce = 8

interface LoopDelay {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Memory of each signed-in browser session, and what everybody else waits while passwords are being checked. */
export async function benchSessions(): Promise<readonly Goal[]> {
  await using lab = await openLab()
  const { broker } = lab
  const signIn = async (index: number): Promise<void> => {
    await lab.signedIn(index % atOnce)
  }
  await inParallel(100, atOnce, signIn)
  const before = await broker.usage()
  await inParallel(sessions, atOnce, signIn)
  const after = await broker.usage()
  const perSession = Math.max(0, after.heap - before.heap) / sessions

  await broker.ask({ ask: 'watch-loop' })
  await inParallel(atOnce * 10, atOnce, signIn)
  const delay = await broker.ask<LoopDelay>({ ask: 'loop-delay' })

  print('## Sign-ins')
  print()
  printTable(
    ['', 'value'],
    [
      [`heap per signed-in browser session, of ${sessions}`, `${format(perSession)} bytes`],
      ['resident memory of the broker', `${format(after.rss / 2 ** 20)} MiB`],
      [`loop delay while ${atOnce} passwords are checked, p50`, `${format(delay.p50)} ms`],
      ['the same, p99', `${format(delay.p99)} ms`],
      ['the same, longest', `${format(delay.max)} ms`],
    ],
  )
  return [
    { name: 'heap per signed-in browser session', value: perSession, atMost: 2048, unit: 'bytes' },
    {
      name: 'loop delay while eight passwords are checked, p99',
      value: delay.p99,
      atMost: 15,
      unit: 'ms',
    },
  ]
}
