import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { bundleCli } from '../scripts/bundle-cli.ts'
import { issue } from '../test/keys/test-certificates.ts'
import { fakeCreateSession, granting } from '../test/support/fake-create-session.ts'
import { format, type Goal, print, printTable } from './goals.ts'

const rounds = 16
const batch = 4
const arns = [
  ...['--trust-anchor-arn', 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1'],
  ...['--profile-arn', 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1'],
  ...['--role-arn', 'arn:aws:iam::111111111111:role/ReadOnly'],
]
// The least that a POST over TLS with a signature costs in this Node, whoever writes it.
const bareCall = `
const { createPrivateKey, sign } = require('node:crypto')
const { readFileSync, writeSync } = require('node:fs')
const pem = readFileSync(process.argv[1], 'utf8')
const signature = sign('sha256', Buffer.from('x'), createPrivateKey(pem.slice(pem.indexOf('-----BEGIN PRIVATE'))))
const ca = readFileSync(process.env.AWS_CA_BUNDLE)
const sent = require('node:https').request(process.env.AWS_ENDPOINT_URL_ROLESANYWHERE + '/sessions', {
  ca, method: 'POST', headers: { 'x-signature': signature.toString('hex') } }, (answer) => {
  let text = ''; answer.on('data', (chunk) => { text += chunk }); answer.on('end', () => writeSync(1, text)) })
sent.end('{}')`

interface Sample {
  readonly cpu: number
  readonly wall: number
}

/** Start-up of the command line against `node -e 0` of the same Node in the same run, and what fifty at once cost. */
export async function benchCli(): Promise<readonly Goal[]> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-cli-'))
  await using aws = await fakeCreateSession()
  try {
    const { bin, env, session } = await install(folder, aws)
    const direct = join(folder, 'installed/dist/postern.cjs')
    const cached = ['credential-process', ...session]
    const cases: Readonly<Record<string, readonly string[]>> = {
      'node -e 0': ['-e', '0'],
      'credential-process, cached': [direct, ...cached],
      'the same through bin/postern.cjs': [bin, ...cached],
      'credential-process, cold': [direct, ...cached, '--no-cache'],
      'a bare signed POST over TLS': ['-e', bareCall, join(folder, 'client.pem')],
      '--help': [direct, '--help'],
    }
    await finish(cases['credential-process, cached'] ?? [], env)
    const samples = await interleaved(cases, env)
    const base = middle(samples.get('node -e 0') ?? [])
    print('## Command line: start-up')
    print()
    const rows = [...samples].map(([name, all]) => {
      const { cpu, wall } = middle(all)
      return [name, format(cpu), format(cpu / base.cpu), format(wall), format(wall / base.wall)]
    })
    printTable(['', 'CPU ms', 'ratio', 'wall ms', 'ratio'], rows)
    const ratio = (name: string): number => middle(samples.get(name) ?? []).cpu / base.cpu
    const before = aws.arrived.length
    aws.answer = granting(undefined, 100)
    const fifty = await atOnce(50, [direct, ...session], { ...env, HOME: join(folder, 'other') })
    const asked = aws.arrived.length - before
    print(`50 at once at 100 ms of latency: ${format(fifty)} ms, ${asked} CreateSession`)
    print()
    const served = await serveCost(direct, session, env)
    const goal = (name: string, value: number, atMost: number): Goal => ({
      name,
      value,
      atMost,
      unit: 'times',
    })
    return [
      goal(
        'credential-process from the cache, CPU against node -e 0',
        ratio('credential-process, cached'),
        1.15,
      ),
      goal(
        'credential-process cold, CPU against node -e 0',
        ratio('credential-process, cold'),
        2.4,
      ),
      goal('--help, CPU against node -e 0', ratio('--help'), 1.3),
      goal('a GET of serve, CPU against bare node:http', served, 1.5),
      { name: 'CreateSession of 50 at once', value: asked, atMost: 1, unit: 'requests' },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function install(folder: string, aws: { endpoint: string; authority: string }) {
  for (const part of ['bin', 'dist'])
    mkdirSync(join(folder, 'installed', part), { recursive: true })
  await bundleCli(join(folder, 'installed/dist/postern.cjs'))
  for (const name of ['postern.cjs', 'launch.cjs']) {
    copyFileSync(join('bin', name), join(folder, 'installed/bin', name))
  }
  symlinkSync(resolve('node_modules'), join(folder, 'installed/node_modules'))
  const leaf = issue()
  writeFileSync(join(folder, 'client.pem'), leaf.certificatePem + leaf.keyPem)
  writeFileSync(join(folder, 'authority.pem'), aws.authority)
  mkdirSync(join(folder, 'other'))
  const env = {
    HOME: folder,
    PATH: process.env['PATH'] ?? '',
    AWS_CA_BUNDLE: join(folder, 'authority.pem'),
    AWS_ENDPOINT_URL_ROLESANYWHERE: aws.endpoint,
  }
  const session = ['--certificate', join(folder, 'client.pem'), ...arns]
  return { bin: join(folder, 'installed/bin/postern.cjs'), env, session }
}

async function interleaved(
  cases: Readonly<Record<string, readonly string[]>>,
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly Sample[]>> {
  const samples = new Map<string, Sample[]>(Object.keys(cases).map((name) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of Object.entries(cases)) {
      const [cpu, start] = [childrensCpu(), performance.now()]
      for (let times = 0; times < batch; times += 1) await finish(args, env)
      const wall = (performance.now() - start) / batch
      samples.get(name)?.push({ cpu: (childrensCpu() - cpu) / batch, wall })
    }
  }
  return samples
}

async function finish(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(process.execPath, [...args], { env, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${String(code)}`)
}

async function atOnce(
  count: number,
  [program = '', ...session]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const start = performance.now()
  const args = [program, 'credential-process', ...session]
  await Promise.all(Array.from({ length: count }, () => finish(args, env)))
  return performance.now() - start
}

const hello = `
const server = require('node:http').createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 5 }); response.end('hello') })
server.listen(0, '127.0.0.1', () => process.stderr.write('port: ' + server.address().port + '\\n'))`

/** CPU of a GET of the credentials against that of a bare server that says hello. */
async function serveCost(
  program: string,
  session: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const ours: number[] = []
  const bare: number[] = []
  for (let round = 0; round < 3; round += 1) {
    bare.push(await costOfGet(['-e', hello], env, false))
    ours.push(await costOfGet([program, 'serve', '--port', '0', ...session], env, true))
  }
  const [base, cost] = [Math.min(...bare), Math.min(...ours)]
  print('## Command line: serve')
  print()
  printTable(
    ['', 'CPU µs for a GET', 'ratio'],
    [
      ['bare node:http', format(base), '1.00'],
      ['serve', format(cost), format(cost / base)],
    ],
  )
  return cost / base
}

async function costOfGet(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  isOurs: boolean,
): Promise<number> {
  const child = spawn(process.execPath, [...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    let said = ''
    while (!/port: \d+/.test(said))
      said += String(((await once(child.stderr, 'data')) as [Buffer])[0])
    const url = `http://127.0.0.1:${/port: (\d+)/.exec(said)?.[1] ?? ''}`
    const token = isOurs ? await get(`${url}/latest/api/token`, 'PUT', {}) : ''
    const headers = { 'x-aws-ec2-metadata-token': token }
    const target = `${url}/latest/meta-data/iam/security-credentials/ReadOnly`
    const one = (): Promise<string> => get(target, 'GET', headers)
    for (let times = 0; times < 2_000; times += 1) await one()
    const before = processCpu(child.pid ?? 0)
    const count = 10_000
    for (let times = 0; times < count / 20; times += 1) {
      await Promise.all(Array.from({ length: 20 }, one))
    }
    return ((processCpu(child.pid ?? 0) - before) * 1_000) / count
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
}

async function get(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const { promise, resolve: settle, reject } = Promise.withResolvers<string>()
  const sent = request(url, { method, headers }, (answer) => {
    let text = ''
    answer.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    answer.on('end', () => {
      settle(text)
    })
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

// Ticks of ten milliseconds (proc(5)); the batches are long enough for them.
function childrensCpu(): number {
  const fields = statFields('self')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

function processCpu(pid: number): number {
  const fields = statFields(String(pid))
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function statFields(pid: string): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

/** The mean of the middle half: the ticks are too coarse for a median, and other work makes some rounds dearer. */
function middle(samples: readonly Sample[]): Sample {
  const mean = (values: readonly number[]): number => {
    const quarter = Math.floor(values.length / 4)
    const kept = values.toSorted((a, b) => a - b).slice(quarter, values.length - quarter)
    return kept.reduce((sum, value) => sum + value, 0) / kept.length
  }
  return { cpu: mean(samples.map(({ cpu }) => cpu)), wall: mean(samples.map(({ wall }) => wall)) }
}
