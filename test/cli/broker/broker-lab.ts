import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { tokensOf, tokensText } from '../../../src/cli/broker/held-tokens.ts'
import { rememberBroker } from '../../../src/cli/broker/remember-broker.ts'
import { ownFileSecrets } from '../../../src/cli/broker/secrets/own-file-secrets.ts'
import { tokenAnswer } from '../../../src/contract/answers.ts'
import { type FakeBroker, fakeBroker } from '../../support/fake-broker.ts'
import { ended, type Outcome } from '../cli-lab.ts'
import { heldSurroundings } from '../held-surroundings.ts'

const main = new URL('../../../src/cli/main.ts', import.meta.url).pathname
const compiled = new URL('../../../node_modules/.cache/node', import.meta.url).pathname

/** A home of its own, and a broker to ask. */
export class BrokerLab<Broker extends { readonly origin: string }> {
  readonly home: string
  readonly broker: Broker
  readonly env: Record<string, string>
  /** The script that starts the command line. */
  program = main
  /** What starts the script. */
  launcher: readonly string[] = [process.execPath]

  constructor(home: string, broker: Broker) {
    this.home = home
    this.broker = broker
    this.env = {
      HOME: home,
      PATH: process.env['PATH'] ?? '',
      TZ: 'UTC',
      POSTERN_BROKER: broker.origin,
      NODE_COMPILE_CACHE: compiled,
    }
  }

  file(name: string, content: string, mode = 0o644): string {
    const path = join(this.home, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
    chmodSync(path, mode)
    return path
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const [program = '', ...words] = this.launcher
    return spawn(program, [...words, this.program, ...args], {
      env: { ...this.env, ...env },
      cwd: this.home,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  /** From now on no file takes a byte, as on a full disk. */
  fillDisk(): void {
    this.launcher = ['bash', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$@"', '-', process.execPath]
  }

  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const child = this.start(args, env)
    const outcome = await ended(child)
    child.stdin.destroy()
    return outcome
  }

  /** Where tokens and the names of brokers are. */
  get config(): string {
    return join(this.home, '.config/postern')
  }

  get tokenFile(): string {
    const name = `${this.broker.origin.replace(/[^\w.-]+/g, '_')}.json`
    return join(this.config, 'tokens', name)
  }

  /** A program that stands for the browser and writes down the address; gives the BROWSER for it. */
  browser(): { readonly words: string; readonly log: string } {
    const log = join(this.home, 'opened')
    const words = this.file('browser.sh', `#!/bin/sh\nprintf '%s\\n' "$@" > ${log}\n`, 0o755)
    return { words, log }
  }
}

/** A lab with a fake broker, in which one can be signed in at once. */
export class FakeBrokerLab extends BrokerLab<FakeBroker> {
  /** As `postern login --no-keyring` leaves it. */
  async login(): Promise<void> {
    const surroundings = heldSurroundings({ home: this.home })
    const { origin } = this.broker
    const tokens = tokensOf(tokenAnswer.parse(this.broker.tokens()), new Date())
    await ownFileSecrets(surroundings).put(origin, tokensText(origin, tokens))
    rememberBroker(origin, { by: 'token', kept: 'file' }, surroundings)
  }
}

export async function brokerLab(
  options: Parameters<typeof fakeBroker>[0] = {},
): Promise<FakeBrokerLab> {
  const home = mkdtempSync(join(tmpdir(), 'postern-broker-'))
  onTestFinished(() => {
    rmSync(home, { recursive: true, force: true })
  })
  return new FakeBrokerLab(home, await fakeBroker(options))
}

/** Resolves when a process has said something on standard error. */
export async function saying(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const found = pattern.exec(said)
    if (found) resolve(found)
  })
  child.once('close', () => {
    reject(new Error(`ended: ${said}`))
  })
  return promise
}

/** A GET as a browser makes it. */
export function visit(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; location: string | undefined; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    location: string | undefined
    text: string
  }>()
  request(url, { headers, agent: false }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location, text })
    })
  })
    .on('error', reject)
    .end()
  return promise
}
