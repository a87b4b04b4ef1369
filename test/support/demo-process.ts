import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.ts'

const root = join(import.meta.dirname, '..', '..')

/** `npm start` without a configuration, on ports and in a folder of its own. */
export interface DemoProcess extends AsyncDisposable {
  readonly folder: string
  /** Of the broker, and of its listener for certificates. */
  readonly url: string
  readonly certificates: string
  readonly child: ChildProcess
  /** Standard error so far. */
  said(): string
  /** A file of the demo's folder, as text. */
  read(name: string): string
}

/** Starts the demo and waits until it says where it is. Rejects with what it said when it doesn't come that far. */
export async function startDemo(): Promise<DemoProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-demo-'))
  const [broker, aws, idp] = [await freePort(), await freePort(), await freePort()]
  const certificates = await freePort()
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.cjs')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      POSTERN_SANDBOX_DIR: folder,
      POSTERN_PORT: String(broker),
      POSTERN_SANDBOX_AWS_PORT: String(aws),
      POSTERN_SANDBOX_IDP_PORT: String(idp),
      POSTERN_CERTIFICATE_PORT: String(certificates),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const pieces: string[] = []
  child.stderr.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
  const said = (): string => pieces.join('')
  const demo: DemoProcess = {
    folder,
    url: `http://localhost:${broker}`,
    certificates: `https://localhost:${certificates}`,
    child,
    said,
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  for (let tries = 0; tries < 400; tries += 1) {
    if (said().includes('Certificates are taken on')) return demo
    if (child.exitCode !== null) break
    await delay(50)
  }
  await demo[Symbol.asyncDispose]()
  throw new Error(`the demo did not start:\n${said()}`)
}
