import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { demoEnvironment } from '../test/support/broker-process.ts'
import { Browser } from '../test/support/browser.ts'
import { password, writeBenchConfig } from './bench-config.ts'
import { MeasuredProcess } from './measured-process.ts'
import { type Cost, costOf } from './statistics.ts'

/** A broker, an AWS that answers at once, and somebody who is signed in. */
export interface Lab extends AsyncDisposable {
  readonly broker: MeasuredProcess
  readonly aws: MeasuredProcess
  readonly environment: NodeJS.ProcessEnv
  signedIn(user: number): Promise<Browser>
}

export async function openLab(): Promise<Lab> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const environment = demoEnvironment()
  const aws = opened.use(await MeasuredProcess.start('aws-stub', environment))
  const port = await freePort()
  const config = await writeBenchConfig(folder, port, aws.url)
  const broker = opened.use(await MeasuredProcess.start('broker', environment, config))
  const agent = opened.adopt(new Agent({ keepAlive: true, maxSockets: 64 }), (open) => {
    open.destroy()
  })
  const owned = opened.move()
  return {
    broker,
    aws,
    environment,
    signedIn: async (user) => {
      const visitor = new Browser(broker.url, agent)
      const { status } = await visitor.signIn(`user${user}`, password)
      if (status !== 303) throw new Error(`signing in answered ${status}`)
      return visitor
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** What the work costs the process that does it. */
export async function costIn(
  worker: MeasuredProcess,
  work: () => Promise<readonly number[]>,
): Promise<Cost> {
  const before = await worker.usage()
  const start = performance.now()
  const latencies = await work()
  const seconds = (performance.now() - start) / 1000
  const after = await worker.usage()
  return costOf(latencies, after.cpu - before.cpu, seconds)
}
