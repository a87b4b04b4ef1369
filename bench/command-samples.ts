import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** A command to run to its end. */
export interface Case {
  /** Node itself where it is not said. */
  readonly program?: string
  /** Asked each time where it is a function. */
  readonly args: readonly string[] | (() => readonly string[])
  readonly env: Readonly<Record<string, string>>
}

/** Milliseconds that one run took. */
export interface Sample {
  readonly cpu: number
  readonly wall: number
}

/** Runs each case in turn, `rounds` times over; each sample is the mean of a batch, long enough for the ticks. */
export async function interleaved(
  cases: Readonly<Record<string, Case>>,
  { rounds, batch }: { readonly rounds: number; readonly batch: number },
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(Object.keys(cases).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, one] of Object.entries(cases)) {
      const [cpu, start] = [childrensCpu(), performance.now()]
      for (let times = 0; times < batch; times += 1) await finish(one)
      const wall = (performance.now() - start) / batch
      samples.get(name)?.push({ cpu: (childrensCpu() - cpu) / batch, wall })
    }
  }
  return samples
}

/** Runs a command once. Throws when it fails. */
export async function finish({ program = process.execPath, args, env }: Case): Promise<void> {
  const words = typeof args === 'function' ? args() : args
  const child = spawn(program, [...words], { env, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${words.slice(0, 2).join(' ')} ended with ${String(code)}`)
}

/** CPU milliseconds that a running process has used. */
export function processCpu(pid: number): number {
  const fields = statFields(String(pid))
  return (Number(fields[11]) + Number(fields[12])) * 10
}

// Ticks of ten milliseconds (proc(5)); the batches are long enough for them.
function childrensCpu(): number {
  const fields = statFields('self')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

function statFields(pid: string): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** The mean of the middle half: the ticks are too coarse for a median, and other work makes some rounds dearer. */
export function middle(samples: readonly Sample[]): Sample {
  const mean = (values: readonly number[]): number => {
    const quarter = Math.floor(values.length / 4)
    const kept = values.toSorted((a, b) => a - b).slice(quarter, values.length - quarter)
    return kept.reduce((sum, value) => sum + value, 0) / kept.length
  }
  return { cpu: mean(samples.map(({ cpu }) => cpu)), wall: mean(samples.map(({ wall }) => wall)) }
}
