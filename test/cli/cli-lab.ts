import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Issued, issue } from '../keys/test-certificates.ts'
import { fakeCreateSession, type FakeCreateSession } from '../support/fake-create-session.ts'

const trustAnchor = 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1'
const profile = 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1'
const role = 'arn:aws:iam::111111111111:role/ReadOnly'
export const arns = [
  '--trust-anchor-arn',
  trustAnchor,
  '--profile-arn',
  profile,
  '--role-arn',
  role,
]

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname

const compiled = new URL('../../node_modules/.cache/node', import.meta.url).pathname

export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A home of its own, a certificate, and a fake AWS to ask. */
export class CliLab {
  readonly home: string
  readonly aws: FakeCreateSession
  readonly leaf: Issued
  readonly env: Record<string, string>
  /** The words that start the command line; from the source unless a test has built something. */
  program: readonly string[] = [process.execPath, main]

  constructor(home: string, aws: FakeCreateSession, leaf: Issued) {
    this.home = home
    this.aws = aws
    this.leaf = leaf
    this.env = {
      HOME: home,
      PATH: process.env['PATH'] ?? '',
      TZ: 'UTC',
      AWS_CA_BUNDLE: this.file('authority.pem', aws.authority),
      AWS_ENDPOINT_URL_ROLESANYWHERE: aws.endpoint,
      NODE_COMPILE_CACHE: compiled,
    }
    this.file('client.pem', leaf.certificatePem)
    this.file('client.key', leaf.keyPem)
  }

  /** Writes a file into the home; gives its path. */
  file(name: string, content: string | Buffer): string {
    const path = join(this.home, name)
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  /** The flags of a session with the lab's own certificate. */
  session(...more: readonly string[]): readonly string[] {
    const keys = [
      '--certificate',
      join(this.home, 'client.pem'),
      '--private-key',
      join(this.home, 'client.key'),
    ]
    return [...keys, ...arns, ...more]
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const [command = '', ...before] = this.program
    return spawn(command, [...before, ...args], {
      env: { ...this.env, ...env },
      cwd: this.home,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  }

  /** Runs to the end. Standard input stays open unless something is given for it. */
  async run(
    args: readonly string[],
    { env = {}, input }: { env?: Readonly<Record<string, string>>; input?: string | Buffer } = {},
  ): Promise<Outcome> {
    const child = this.start(args, env)
    if (input !== undefined) child.stdin?.end(input)
    const outcome = await ended(child)
    child.stdin?.destroy()
    return outcome
  }

  cached(): string[] {
    try {
      return readdirSync(join(this.home, '.cache/postern')).filter((name) => name.endsWith('.json'))
    } catch {
      return []
    }
  }
}

/** What a process said and how it ended. */
export async function ended(child: ChildProcess): Promise<Outcome> {
  const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)]
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  child.on('close', (code, signal) => {
    resolve({ code, signal, stdout: stdout(), stderr: stderr() })
  })
  return promise
}

function collected(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString()
}

/** A lab that is gone when the test is. */
export async function cliLab(
  leaf = issue({ commonName: 'cli' }),
  options: { tls?: boolean } = {},
): Promise<CliLab> {
  const home = mkdtempSync(join(tmpdir(), 'postern-cli-'))
  const aws = await fakeCreateSession(options)
  onTestFinished(async () => {
    await aws[Symbol.asyncDispose]()
    rmSync(home, { recursive: true, force: true })
  })
  return new CliLab(home, aws, leaf)
}

export function parsed(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>
}
