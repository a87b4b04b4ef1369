/** A figure with what it should be at most. CI fails at twice that, because the machine is shared. */
export interface Goal {
  readonly name: string
  readonly value: number
  readonly atMost: number
  readonly unit: string
}

/** Prints each goal with the verdict; true when none is missed by more than `tolerance` times. */
export function judge(goals: readonly Goal[], tolerance: number): boolean {
  let held = true
  for (const { name, value, atMost, unit } of goals) {
    const within = value <= atMost * tolerance
    held &&= within
    const verdict = value <= atMost ? 'reached' : within ? 'missed, tolerated' : 'MISSED'
    print(`${name}: ${format(value)} ${unit}, goal at most ${format(atMost)}: ${verdict}`)
  }
  return held
}

export function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** A table in Markdown, as it stands in docs/performance.md. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  print(line(head))
  print(line(head.map(() => '---')))
  for (const row of rows) print(line(row))
  print()
}
