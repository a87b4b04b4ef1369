import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { bundleCli } from '../scripts/bundle-cli.ts'
import { role, startStandIn } from '../scripts/stand-in.ts'
import { issue } from '../test/keys/test-certificates.ts'
import { fakeCreateSession, granting } from '../test/support/fake-create-session.ts'
import { awsCost } from './cli-aws.ts'
import { serveCost } from './cli-serve.ts'
import { type Case, finish, interleaved, middle } from './command-samples.ts'
import { format, type Goal, print, printTable } from './goals.ts'

const arns = [
  ...['--trust-anchor-arn', 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1'],
  ...['--profile-arn', 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1'],
  ...['--role-arn', 'arn:aws:iam::111111111111:role/ReadOnly'],
]
// What a POST over TLS with a signature costs in this Node, written in the fewest lines.
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

/** Start-up of the command line against `node -e 0` of the same Node in the same run, and what fifty at once cost. */
export async function benchCli(): Promise<readonly Goal[]> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-cli-'))
  await using aws = await fakeCreateSession()
  using broker = await startStandIn(new Date())
  try {
    const { bin, env, session } = await install(folder, aws)
    const direct = join(folder, 'installed/dist/postern.cjs')
    const command = [direct, 'credential-process', ...session]
    const brokered = { ...env, AWS_CA_BUNDLE: join(folder, 'broker.pem') }
    writeFileSync(brokered.AWS_CA_BUNDLE, broker.ca)
    const named = ['--broker', broker.origin]
    await finish({ args: [direct, 'login', '--device', ...named], env: brokered })
    const asking = [direct, 'credential-process', ...named, '--role', role]
    let names = 0
    const cases: Readonly<Record<string, Case>> = {
      'node -e 0': { args: ['-e', '0'], env },
      'credential-process, cached': { args: command, env },
      'the same through bin/postern.cjs': { args: [bin, ...command.slice(1)], env },
      'credential-process, cold': { args: [...command, '--no-cache'], env },
      'the same, and put into the cache': {
        // Another request each time, so that none is there yet.
        args: () => [...command, '--role-session-name', `name-${(names += 1)}`],
        env,
      },
      'credential-process --broker, cached': { args: asking, env: brokered },
      'credential-process --broker, cold': { args: [...asking, '--no-cache'], env: brokered },
      'a bare signed POST over TLS': { args: ['-e', bareCall, join(folder, 'client.pem')], env },
      '--help': { args: [direct, '--help'], env },
    }
    await finish({ args: command, env })
    await finish({ args: asking, env: brokered })
    const samples = await interleaved(cases, { rounds: 24, batch: 6 })
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
    const fifty = await atOnce(50, { args: command, env: { ...env, HOME: join(folder, 'other') } })
    const asked = aws.arrived.length - before
    print(`50 at once at 100 ms of latency: ${format(fifty)} ms, ${asked} CreateSession`)
    print()
    const goal = (name: string, value: number, atMost: number): Goal => ({
      name,
      value,
      atMost,
      unit: 'times',
    })
    const cold = ratio('credential-process, cold')
    const real = await awsCost([process.execPath, ...command], env, aws)
    const served = await serveCost(direct, session, env)
    return [
      goal(
        'credential-process from the cache, CPU against node -e 0',
        ratio('credential-process, cached'),
        1.15,
      ),
      goal('credential-process cold, CPU against node -e 0', cold, 2.4),
      goal(
        'credential-process --broker from the cache, CPU against node -e 0',
        ratio('credential-process --broker, cached'),
        1.2,
      ),
      goal(
        'credential-process --broker cold, CPU against node -e 0',
        ratio('credential-process --broker, cold'),
        2.6,
      ),
      goal('--help, CPU against node -e 0', ratio('--help'), 1.3),
      ...(real === undefined
        ? []
        : [
            goal('an aws command through the cache, CPU against static keys', real.effect, 1.15),
            requests('CreateSession of 50 aws commands at once', real.asked),
          ]),
      goal('a GET of serve, CPU against bare node:http', served, 1.5),
      requests('CreateSession of 50 at once', asked),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function requests(name: string, value: number): Goal {
  return { name, value, atMost: 1, unit: 'requests' }
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

async function atOnce(count: number, one: Case): Promise<number> {
  const start = performance.now()
  await Promise.all(Array.from({ length: count }, () => finish(one)))
  return performance.now() - start
}
