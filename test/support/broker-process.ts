import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'

const root = join(import.meta.dirname, '..', '..')

/** A real postern-server, in a process of its own. */
export interface BrokerProcess extends AsyncDisposable {
  readonly url: string
  readonly child: ChildProcess
  /** Standard output and error so far. */
  output(): string
  /** Sends the signal and resolves to the exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** The environment of a broker that knows the sandbox's base key and nothing of the machine's own AWS settings. */
export function demoEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|https?_proxy$)/i.test(name))
  return {
    ...Object.fromEntries(kept),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
  }
}

/** Starts `postern-server` on a configuration, behind the words of `launcher`, and waits until it answers. */
export async function startBrokerProcess(
  config: string,
  port: number,
  launcher: readonly string[] = [],
  program = join(root, 'bin', 'postern-server.cjs'),
): Promise<BrokerProcess> {
  const url = `http://localhost:${port}`
  const words = [...launcher, process.execPath, program]
  const child = spawn(words[0] ?? process.execPath, words.slice(1), {
    env: { ...demoEnvironment(), POSTERN_CONFIG: config },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const pieces: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => pieces.push(text))
  }
  const exit = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null))
  const broker: BrokerProcess = {
    url,
    child,
    output: () => pieces.join(''),
    async end(signal) {
      child.kill(signal)
      return exit
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await exit
    },
  }
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) break
    const answer = await request(`${url}/healthz`).catch(() => undefined)
    await answer?.body.dump()
    if (answer?.statusCode === 200) return broker
    await delay(50)
  }
  await broker[Symbol.asyncDispose]()
  throw new Error(`postern-server did not start:\n${broker.output()}`)
}
