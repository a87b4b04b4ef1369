import { expect, test } from 'vitest'
import { startHeadLog } from '../../src/audit/head-log.ts'
import { verifyChain } from '../../src/audit/verify-chain.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { issued, key, openTrail } from './trail-bench.ts'

test('the head is logged as verify takes it, after the counted refusals were written', async () => {
  await using bench = await openTrail({ refusalsPerMinute: 0 })
  await bench.trail.record(issued(1))
  await bench.trail.record({ type: 'sign-in-refused', requestId: 'r', address: 'a' })
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const heads: number[] = []
  using running = new DisposableStack()
  const log = startHeadLog(
    bench.trail,
    { ...silentLogger, info: resolve },
    { everyMilliseconds: 5, onHead: (seq) => heads.push(seq) },
  )
  running.use(log)
  const head = await bench.trail.head()
  const logged = await promise
  const { head: lastHead } = await verifyChain(bench.state.auditLines, key, 'postern-1')
  expect(head?.count).toBe(1)
  expect(lastHead?.seq).toBe(2)
  expect(logged).toEqual({ instance: 'postern-1', head: `2:${lastHead?.mac ?? ''}`, count: 2 })
  expect(heads[0]).toBe(2)
})
