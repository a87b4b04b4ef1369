/** What a run of equal operations cost. Times in microseconds of CPU and milliseconds of wall time. */
export interface Cost {
  readonly operations: number
  /** Microseconds of CPU of the measured process for each operation. */
  readonly cpu: number
  readonly p50: number
  readonly p99: number
  readonly perSecond: number
}

/** The cost of operations that took `latencies` milliseconds each and `cpu` microseconds in all. */
export function costOf(latencies: readonly number[], cpu: number, seconds: number): Cost {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
  const operations = latencies.length
  return {
    operations,
    cpu: cpu / operations,
    p50: at(0.5),
    p99: at(0.99),
    perSecond: operations / seconds,
  }
}

/** The run in the middle by CPU: other work on the machine makes some runs dearer, and none cheaper by much. */
export function median(costs: readonly Cost[]): Cost {
  const sorted = costs.toSorted((a, b) => a.cpu - b.cpu)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('nothing was measured')
  return middle
}
