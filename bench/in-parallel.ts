import { performance } from 'node:perf_hooks'

/** Runs `operation` so many times, so many at once; gives the milliseconds that each took. */
export async function inParallel(
  operations: number,
  concurrency: number,
  operation: (index: number) => Promise<void>,
): Promise<number[]> {
  const latencies: number[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < operations) {
      const index = next
      next += 1
      const start = performance.now()
      await operation(index)
      latencies.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return latencies
}
