import type { ChildProcess } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { type CliLab, ended, type Outcome } from './cli-lab.ts'

export interface Serving {
  readonly url: string
  readonly said: () => string
  readonly child: ChildProcess
  readonly outcome: Promise<Outcome>
}

/** A serve of the lab, stopped when the test is finished. */
export async function serving(
  lab: CliLab,
  more: readonly string[] = [],
  env = {},
): Promise<Serving> {
  const child = lab.start(['serve', '--port', '0', ...more, ...lab.session()], env)
  const outcome = ended(child)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await outcome
  })
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    if (/export AWS_\w+(?:ENDPOINT|FILE|TOKEN)=|FULL_URI=.*\n(?!.*TOKEN)/.test(said))
      resolve(undefined)
  })
  void outcome.then(({ stderr }) => {
    reject(new Error(stderr))
  })
  await promise
  const port = /started on port: (\d+)/.exec(said)?.[1] ?? ''
  return { url: `http://127.0.0.1:${port}`, said: () => said, child, outcome }
}
