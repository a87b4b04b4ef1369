import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cliLab } from '../cli/cli-lab.ts'
import { type Issued, issue } from '../keys/test-certificates.ts'
import { freePort } from '../support/free-port.ts'
import { requireCommand } from '../support/require-command.ts'

const simulators = requireCommand('swtpm', 'swtpm')
const tools = requireCommand('tpm2_createprimary', 'tpm2-tools')
const present = simulators.length > 0 && tools.length > 0
const password = '1234'
const root = issue({ commonName: 'root', authority: true, keyUsage: 4 })

let folder = ''
let simulator: ChildProcess | undefined
let device = ''
const made = new Map<string, Issued>()

async function start(
  args: readonly string[],
  ready: () => Promise<boolean>,
  name = 'state',
): Promise<ChildProcess> {
  mkdirSync(join(folder, name), { recursive: true })
  const state = [
    '--tpm2',
    '--tpmstate',
    `dir=${join(folder, name)}`,
    '--flags',
    'not-need-init,startup-clear',
  ]
  const child = spawn('swtpm', ['socket', ...state, ...args], {
    stdio: 'ignore',
  })
  for (let tries = 0; tries < 100 && !(await ready()); tries += 1) await delay(50)
  return child
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.once('connect', () => {
    resolve(true)
  })
  socket.once('error', () => {
    resolve(false)
  })
  const answered = await promise
  socket.destroy()
  return answered
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

beforeAll(async () => {
  if (!present) return
  folder = mkdtempSync(join(tmpdir(), 'postern-tpm-'))
  // The tools need a control channel, which they look for on the next port; Postern talks to the bare socket, as to a device.
  const port = await freePort()
  const control = port + 1
  const tcp = await start(
    ['--server', `type=tcp,port=${port}`, '--ctrl', `type=tcp,port=${control}`],
    () => answers(control),
  )
  try {
    const tcti = `swtpm:host=127.0.0.1,port=${port}`
    makeKeys({ ...process.env, TPM2TOOLS_TCTI: tcti, TPM2OPENSSL_TCTI: tcti })
  } finally {
    await stop(tcp)
  }
  device = join(folder, 'tpm.sock')
  simulator = await start(['--server', `type=unixio,path=${device}`], () =>
    Promise.resolve(existsSync(device)),
  )
}, 60_000)

afterAll(async () => {
  await stop(simulator)
  if (folder) rmSync(folder, { recursive: true, force: true })
})

function makeKeys(env: NodeJS.ProcessEnv): void {
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(program, args, { cwd: folder, env, stdio: 'pipe' })
    // There is no resource manager, and room for three.
    execFileSync('tpm2_flushcontext', ['-t'], { cwd: folder, env, stdio: 'pipe' })
  }
  const certify = (name: string): void => {
    const publicKey = createPublicKey(readFileSync(join(folder, `${name}.pub.pem`)))
    made.set(
      name,
      issue({ commonName: name, issuer: root, keys: { publicKey, privateKey: root.privateKey } }),
    )
  }
  run('tpm2_createprimary', ['-C', 'o', '-G', 'ecc', '-c', 'primary.ctx'])
  run('tpm2_evictcontrol', ['-C', 'o', '-c', 'primary.ctx', '0x81000001'])
  const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'
  const kinds = [
    ['rsa', 'rsa2048', '0x81000101', []],
    ['ec', 'ecc256', '0x81000102', ['-p', password]],
  ] as const
  for (const [name, algorithm, handle, more] of kinds) {
    run('tpm2_create', [
      '-C',
      '0x81000001',
      '-G',
      algorithm,
      '-a',
      attributes,
      '-u',
      'pub',
      '-r',
      'priv',
      ...more,
    ])
    run('tpm2_load', ['-C', '0x81000001', '-u', 'pub', '-r', 'priv', '-c', 'key.ctx'])
    run('tpm2_evictcontrol', ['-C', 'o', '-c', 'key.ctx', handle])
    run('tpm2_readpublic', ['-c', handle, '-f', 'pem', '-o', `${name}.pub.pem`])
    certify(name)
  }
  const provider = ['-provider', 'tpm2', '-provider', 'default']
  const files = [
    ['rsa-file', ['-algorithm', 'RSA', '-pkeyopt', 'bits:2048']],
    ['ec-file', ['-algorithm', 'EC', '-pkeyopt', 'group:P-256']],
    ['p384-file', ['-algorithm', 'EC', '-pkeyopt', 'group:P-384']],
    [
      'locked-file',
      ['-algorithm', 'EC', '-pkeyopt', 'group:P-256', '-pkeyopt', `user-auth:${password}`],
    ],
    [
      'child-file',
      ['-algorithm', 'EC', '-pkeyopt', 'group:P-256', '-pkeyopt', 'parent:0x81000001'],
    ],
  ] as const
  for (const [name, args] of files) {
    run('openssl', ['genpkey', ...provider, ...args, '-out', `${name}.pem`])
    const load = name === 'locked-file' ? ['-passin', `pass:${password}`] : []
    run('openssl', [
      'pkey',
      ...provider,
      '-in',
      `${name}.pem`,
      ...load,
      '-pubout',
      '-out',
      `${name}.pub.pem`,
    ])
    certify(name)
  }
}

async function withTpm(name: string, key: string, more: readonly string[] = [], env = {}) {
  const lab = await cliLab(made.get(name))
  const certificate = ['--certificate', join(lab.home, 'client.pem'), '--private-key', key, ...more]
  const variables = { env: { TPM_DEVICE: device, ...env } }
  return {
    lab,
    certificate,
    run: (...args: string[]) => lab.run([...args, ...certificate], variables),
  }
}

describe('a key in a TPM', () => {
  test.for([
    ['rsa', 'handle:0x81000101', ['--no-tpm-key-password']],
    ['ec', 'handle:81000102', ['--tpm-key-password', password]],
    ['rsa-file', 'rsa-file.pem', []],
    ['ec-file', 'ec-file.pem', []],
    ['p384-file', 'p384-file.pem', []],
    ['locked-file', 'locked-file.pem', ['--tpm-key-password', password]],
    ['child-file', 'child-file.pem', []],
  ] as const)('signs for AWS: %s', async ([name, key, more]) => {
    const path = key.startsWith('handle:') ? key : join(folder, key)
    const { lab, run } = await withTpm(name, path, more)
    const arns = lab.session().slice(4)
    const { code, stderr } = await run('credential-process', ...arns)
    expect([code, stderr]).toEqual([0, ''])
    // Again and again, because what was loaded must have been flushed: a TPM has room for three.
    for (const digest of ['SHA256', 'SHA384', 'SHA256', 'SHA384', 'SHA256']) {
      const signed = await run('sign-string', '--digest', digest, '--format', 'text')
      expect(signed.code).toBe(0)
    }
  })

  test('takes its certificate from standard input', async () => {
    const { lab } = await withTpm('ec-file', '')
    const key = ['--private-key', join(folder, 'ec-file.pem')]
    const { code, stderr } = await lab.run(
      ['credential-process', '--certificate', '-', ...key, ...lab.session().slice(4)],
      { input: lab.leaf.certificatePem, env: { TPM_DEVICE: device } },
    )
    expect([code, stderr]).toEqual([0, ''])
  })

  test('takes its password from the environment', async () => {
    const env = { TPM_CHILD_KEY_PASSWORD: password }
    const { run } = await withTpm('locked-file', join(folder, 'locked-file.pem'), [], env)
    expect((await run('sign-string')).code).toBe(0)
  })

  test.for([
    ['locked-file', 'locked-file.pem', ['--tpm-key-password', 'wrong'], 'refuses the password'],
    ['locked-file', 'locked-file.pem', [], 'no terminal to ask at'],
    [
      'ec-file',
      'ec-file.pem',
      ['--tpm-key-password', password],
      "password is provided but TPM key file indicates that one isn't required",
    ],
    ['ec', 'handle:0x81000102', ['--no-tpm-key-password'], 'refuses the password'],
    ['ec', 'handle:0x81000109', ['--no-tpm-key-password'], 'no key of that handle'],
    [
      'rsa',
      'handle:0x81000102',
      ['--tpm-key-password', password],
      'does not belong to the certificate',
    ],
    ['rsa', 'handle:0x81000001', ['--no-tpm-key-password'], 'not made for signing'],
    ['rsa', 'handle:xyz', [], 'written in hexadecimal'],
  ] as const)('is refused: %s %s %j', async ([name, key, more, message]) => {
    const path = key.startsWith('handle:') ? key : join(folder, key)
    const { run } = await withTpm(name, path, more)
    const { code, stderr } = await run('sign-string')
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
  })

  test('is refused by another TPM, with a word about that', async () => {
    const path = join(folder, 'other.sock')
    const isThere = (): Promise<boolean> => Promise.resolve(existsSync(path))
    const other = await start(['--server', `type=unixio,path=${path}`], isThere, 'other')
    try {
      const key = join(folder, 'ec-file.pem')
      const { run } = await withTpm('ec-file', key, [], { TPM_DEVICE: path })
      const { code, stderr } = await run('sign-string')
      expect([code, stderr]).toEqual([1, expect.stringContaining('made by another TPM')])
    } finally {
      await stop(other)
    }
  })

  test('is missed with a word about the device', async () => {
    const { run } = await withTpm('ec-file', join(folder, 'ec-file.pem'), [], {
      TPM_DEVICE: '/nowhere',
    })
    const { stderr } = await run('sign-string')
    expect(stderr).toContain("The TPM can't be reached")
  })
})
