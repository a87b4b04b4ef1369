import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { request } from 'undici'
import { parse } from 'yaml'
import { z } from 'zod'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { demoEnvironment } from '../support/broker-process.ts'
import { buildStage, environmentOf, readStages, wordsOf } from '../support/dockerfile.ts'
import { freePort } from '../support/free-port.ts'
import { Browser } from '../support/browser.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().default(false),
      link: z.boolean().default(false),
      hasInstallScript: z.boolean().default(false),
      integrity: z.string().optional(),
    }),
  ),
})
const nobody = 65_534
const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
const stages = readStages()

let folder: string
let node: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-image-'))
  chmodSync(folder, 0o755)
  // The checkout's own Node may lie where nobody may look.
  mkdirSync(join(folder, 'bin'))
  node = join(folder, 'bin', 'node')
  copyFileSync(process.execPath, node)
  const path = [dirname(node), process.env['PATH']].join(delimiter)
  for (const stage of stages.slice(0, 2))
    await buildStage(stage, folder, { ...npmEnv(), PATH: path })
  for (const stage of stages.slice(2)) {
    const base = stages.find(({ name }) => name === stage.from)
    await buildStage(
      base ? { ...stage, steps: [...base.steps, ...stage.steps] } : stage,
      folder,
      npmEnv(),
    )
  }
}, 240_000)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** What the npm that runs the tests tells its scripts must not reach the one that builds the image. */
function npmEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_(?!config_(registry|cache|userconfig))|NODE_(ENV|OPTIONS)|VITEST|INIT_CWD)/.test(
        name,
      ),
  )
  return Object.fromEntries(kept)
}

function stageNamed(name: string) {
  const found = stages.find((stage) => stage.name === name)
  if (!found) throw new Error(`no stage ${name}`)
  return found
}

/** A folder that only the image's user may enter, as `install --owner=node --mode=0700` makes it. */
function ownFolder(path: string): string {
  mkdirSync(path, { mode: 0o700 })
  if (asNobody.uid !== undefined) chownSync(path, nobody, nobody)
  return path
}

/** Runs the stage's CMD with the stage's environment, as a user who owns nothing of it. */
function start(
  name: string,
  env: NodeJS.ProcessEnv,
): { child: ChildProcess; output: () => string } {
  const [command, ...words] = wordsOf('CMD', stageNamed(name), stages)
  expect(command).toBe('node')
  const child = spawn(node, words, {
    cwd: join(folder, name),
    env: { PATH: '/usr/bin:/bin', ...environmentOf(stageNamed(name), stages), ...env },
    ...asNobody,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const pieces: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece))
  }
  return { child, output: () => pieces.join('') }
}

/** The exit code of the stage's HEALTHCHECK, with the port that this run has in place of the image's. */
async function health(name: string, port: number): Promise<number> {
  const [, ...words] = wordsOf('HEALTHCHECK', stageNamed(name), stages)
  const moved = words.map((word) => word.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`))
  return run(node, moved).then(
    () => 0,
    (error: unknown) => (error instanceof Error && 'code' in error ? Number(error.code) : NaN),
  )
}

describe('the image, each step of the Dockerfile by hand', () => {
  test('holds no TypeScript of ours, no sandbox, no tests and no development dependency', () => {
    const app = join(folder, 'default')
    expect(readdirSync(app).toSorted()).toEqual(
      ['LICENSE', 'bin', 'dist', 'node_modules', 'package.json', 'public', 'views'].toSorted(),
    )
    const ours = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter(
      (path) => !path.startsWith('node_modules'),
    )
    expect(ours.filter((path) => /\.ts$|sandbox|test/.test(path))).toEqual([])
    for (const name of ['typescript', 'vitest', 'playwright-core', 'postern-node']) {
      expect(existsSync(join(app, 'node_modules', name)), name).toBe(false)
    }
  })

  test('installs no dependency that would run a script', () => {
    const lock = lockfile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
    const installed = Object.entries(lock.packages).filter(
      ([path, { dev, link }]) => path !== '' && !dev && !link,
    )
    expect(installed.length).toBeGreaterThan(50)
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([])
    expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([])
  })

  test('serves as a user without rights, is healthy, and drains on SIGTERM', async () => {
    await using sandbox = await startSandbox()
    const [port, operations] = [await freePort(), await freePort()]
    const state = ownFolder(join(folder, 'state'))
    const config = await writeDemoConfig(state, { broker: port, aws: sandbox.port })
    const { stdout } = await run('sed', [`s/port: 0 }/port: ${operations} }/`, config])
    writeFileSync(config, stdout)
    for (const name of asNobody.uid === undefined ? [] : readdirSync(state)) {
      chownSync(join(state, name), nobody, nobody)
    }
    const { child, output } = start('default', { ...demoEnvironment(), POSTERN_CONFIG: config })
    await expect.poll(() => health('default', operations), { timeout: 15_000 }).toBe(0)

    const visitor = new Browser(`http://localhost:${port}`)
    expect((await visitor.signIn('bob', 'bobpassword')).status).toBe(303)
    sandbox.faults.next('AssumeRole', { kind: 'slow', milliseconds: 1500 })
    const asked = visitor.askFor('arn:aws:iam::111111111111:role/ReadOnly', true)
    await expect.poll(() => sandbox.issued().length, { timeout: 5_000 }).toBe(1)
    child.kill('SIGTERM')
    expect((await asked).status).toBe(303)
    await once(child, 'exit')
    expect(child.exitCode, output()).toBe(0)
    expect(output()).toContain('"drained"')
    expect(await health('default', operations)).toBe(1)
  })

  test('says in one line that it has no configuration', async () => {
    const { child, output } = start('default', {})
    await once(child, 'close')
    expect(child.exitCode).toBe(2)
    expect(output()).toContain('/etc/postern/postern.yaml')
    expect(output()).not.toMatch(/\n\s+at /)
  })
})

test('compose publishes the demo on loopback only, with nothing to spare', () => {
  const service = z.object({
    build: z.object({ target: z.literal('demo') }),
    ports: z.tuple([
      z.literal('127.0.0.1:3000:3000'),
      z.literal('127.0.0.1:3001:3001'),
      z.literal('127.0.0.1:3002:3002'),
      z.literal('127.0.0.1:3443:3443'),
    ]),
    read_only: z.literal(true),
    cap_drop: z.tuple([z.literal('ALL')]),
  })
  const compose = z.object({ services: z.object({ postern: service }) })
  const text = readFileSync(join(root, 'compose.yaml'), 'utf8')
  expect(compose.safeParse(parse(text)).error?.issues).toBeUndefined()
})

test('the target demo listens where a container publishes, is healthy, and ends on SIGTERM', async () => {
  const [port, aws] = [await freePort(), await freePort()]
  ownFolder(join(folder, 'demo', '.sandbox'))
  const { child, output } = start('demo', {
    POSTERN_PORT: String(port),
    POSTERN_SANDBOX_AWS_PORT: String(aws),
    POSTERN_SANDBOX_IDP_PORT: String(await freePort()),
    POSTERN_CERTIFICATE_PORT: String(await freePort()),
  })
  await expect.poll(() => health('demo', port), { timeout: 15_000 }).toBe(0)
  const answer = await request(`http://127.0.0.2:${port}/healthz`)
  expect(answer.statusCode).toBe(200)
  await answer.body.dump()
  const visitor = new Browser(`http://localhost:${port}`)
  await visitor.signIn('bob', 'bobpassword')
  const issued = await visitor.askFor('arn:aws:iam::111111111111:role/ReadOnly', true)
  expect(issued.headers['location']).toMatch(/^\/role-sessions\//)
  child.kill('SIGTERM')
  await once(child, 'exit')
  expect(child.exitCode, output()).toBe(0)
})
