import type { Reporter, TestModule } from 'vitest/node'

/** Ends a run with `N passed, N failed, N skipped`, and says for each reason why something was skipped. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const states = tests.map((test) => test.result().state)
    const count = (state: string): number => states.filter((found) => found === state).length
    const notes = new Map<string, number>()
    for (const test of tests) {
      const result = test.result()
      if (result.state !== 'skipped') continue
      const note = result.note ?? `no reason given: ${test.fullName}`
      notes.set(note, (notes.get(note) ?? 0) + 1)
    }
    const broken = modules.filter((module) => module.errors().length > 0).length
    for (const [note, times] of notes) process.stdout.write(`skipped ${times}: ${note}\n`)
    const failed = count('failed') + broken
    process.stdout.write(
      `${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`,
    )
    if (process.env['POSTERN_NO_SKIPS'] === '1' && count('skipped') > 0) {
      process.stdout.write('A skip counts as a failure here.\n')
      process.exitCode = 1
    }
  }
}
