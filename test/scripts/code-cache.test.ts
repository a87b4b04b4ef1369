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
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleCli } from '../../scripts/bundle-cli.ts'

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
  readonly scripts: Readonly<Record<string, string>>
}

/** A call that fails at its certificate, once everything that a call to AWS takes is loaded. */
function call(): Called {
  const place = 'arn:aws:rolesanywhere:us-east-1:111111111111'
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['--require', join(folder, 'witness.cjs'), join(dist, 'postern.cjs')],
      ...['credential-process', '--no-cache', '--role-arn', 'arn:aws:iam::111111111111:role/Read'],
      ...['--trust-anchor-arn', `${place}:trust-anchor/a1`, '--profile-arn', `${place}:profile/p1`],
      ...['--certificate', join(folder, 'none.pem'), '--private-key', join(folder, 'none.pem')],
    ],
    { encoding: 'utf8', env: { HOME: folder } },
  )
  const scripts = [...stderr.matchAll(/^V8 (\S+) (\S+)$/gm)]
  return {
    status,
    stderr,
    scripts: Object.fromEntries(scripts.map(([, name = '', rejected = '']) => [name, rejected])),
  }
}

const failed = { status: 1, stderr: expect.stringContaining('none.pem') as unknown }
const caches = () => readdirSync(dist).filter((name) => name.endsWith('.cache'))

test('V8 takes the compiled code of what a call to AWS takes', () => {
  const scripts = { 'postern-start.cjs': 'false', 'postern-session.cjs': 'false' }
  expect(call()).toMatchObject({ ...failed, scripts })
})

test('compiled code is named for the very file that it was made of, and nothing else is left over', () => {
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(dist, name)))
      .digest('hex')
      .slice(0, 16)
  expect(caches().sort()).toEqual(
    ['postern-session', 'postern-start'].map((name) => `${name}-${digest(`${name}.cjs`)}.cache`),
  )
  expect(readdirSync(dist)).not.toContain('keep-code.cjs')
})

test('code of another Node is compiled anew, and so is everything where there is none', () => {
  for (const name of caches()) writeFileSync(join(dist, name), Buffer.alloc(4_096, 7))
  expect(call()).toMatchObject({ ...failed, scripts: { 'postern-start.cjs': 'true' } })
  for (const name of caches()) unlinkSync(join(dist, name))
  expect(call()).toMatchObject({ ...failed, scripts: { 'postern-start.cjs': 'undefined' } })
})
