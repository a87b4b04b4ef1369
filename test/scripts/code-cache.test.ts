import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleCli } from '../../scripts/bundle-cli.ts'
import { role, startStandIn } from '../../scripts/stand-in.ts'

/** Says of each script whether V8 took its compiled code. */
const witness = `
const vm = require('node:vm')
const { Script } = vm
vm.Script = class extends Script {
  constructor(code, options) {
    super(code, options)
    const name = require('node:path').basename(options.filename)
    process.stderr.write('V8 ' + name + ' ' + String(this.cachedDataRejected) + '\\n')
  }
}`

let folder: string
let dist: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-code-cache-'))
  dist = join(folder, 'dist')
  symlinkSync(join(import.meta.dirname, '..', '..', 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'witness.cjs'), witness)
  await bundleCli(join(dist, 'postern.cjs'))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

interface Called {
  readonly status: number | null
  readonly stderr: string
  /** Whether V8 refused the compiled code of each file. */
  readonly scripts: Readonly<Record<string, string>>
}

function run(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Called> {
  const { promise, resolve } = Promise.withResolvers<Called>()
  const args = ['--require', join(folder, 'witness.cjs'), join(dist, 'postern.cjs'), ...words]
  execFile(process.execPath, args, { env: { HOME: folder, ...env } }, (error, _, stderr) => {
    const scripts = [...stderr.matchAll(/^V8 postern-(\w+)\.cjs (\S+)$/gm)]
    resolve({
      status: error ? Number(error.code) : 0,
      stderr,
      scripts: Object.fromEntries(scripts.map(([, name = '', rejected = '']) => [name, rejected])),
    })
  })
  return promise
}

/** A call that fails at its certificate, once everything that a call to AWS takes is loaded. */
function call(): Promise<Called> {
  const place = 'arn:aws:rolesanywhere:us-east-1:111111111111'
  return run([
    ...['credential-process', '--no-cache', '--role-arn', 'arn:aws:iam::111111111111:role/Read'],
    ...['--trust-anchor-arn', `${place}:trust-anchor/a1`, '--profile-arn', `${place}:profile/p1`],
    ...['--certificate', join(folder, 'none.pem'), '--private-key', join(folder, 'none.pem')],
  ])
}

const failed = { status: 1, stderr: expect.stringContaining('none.pem') as unknown }
const caches = () => readdirSync(dist).filter((name) => name.endsWith('.cache'))

test('V8 takes the compiled code of what a call to AWS takes', async () => {
  const taken = { start: 'false', call: 'false', session: 'false' }
  expect(await call()).toMatchObject({ ...failed, scripts: taken })
})

test('and of all that a call to a broker takes', async () => {
  using broker = await startStandIn(new Date())
  const env = { AWS_CA_BUNDLE: join(folder, 'ca.pem') }
  writeFileSync(env.AWS_CA_BUNDLE, broker.ca)
  await run(['login', '--device', '--broker', broker.origin], env)
  const { status, scripts } = await run(['credential-process', '--role', role], env)
  const taken = { start: 'false', place: 'false', call: 'false', broker: 'false' }
  expect([status, scripts]).toEqual([0, taken])
})

test('compiled code is named for the very file that it was made of, and nothing else is left over', () => {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(dist, name)))
      .digest('hex')
      .slice(0, 16)
  expect(caches().sort()).toEqual(
    ['broker', 'call', 'place', 'session', 'start'].map(
      (name) => `postern-${name}-${digest(`postern-${name}.cjs`)}.cache`,
    ),
  )
  expect(readdirSync(dist).filter((name) => name.startsWith('keep'))).toEqual([])
})

test('code of another Node is compiled anew, and so is everything where there is none', async () => {
  for (const name of caches()) writeFileSync(join(dist, name), Buffer.alloc(4_096, 7))
  expect(await call()).toMatchObject({ ...failed, scripts: { start: 'true' } })
  for (const name of caches()) unlinkSync(join(dist, name))
  expect(await call()).toMatchObject({ ...failed, scripts: { start: 'undefined' } })
})
