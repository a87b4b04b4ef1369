import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../test/support/free-port.ts'
import { demoEnvironment } from '../test/support/broker-process.ts'
import { samlCast } from '../test/support/saml/saml-cast.ts'
import { assertion, protocol } from '../test/support/saml/saml-response.ts'
import { writeBenchConfig } from './bench-config.ts'
import { format, type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { costIn } from './lab.ts'
import { MeasuredProcess } from './measured-process.ts'
import { rounds } from './rounds.ts'
import { postPrepared, prepare, type Prepared, samlMethod } from './saml-lab.ts'
import { benchFlood } from './saml-flood.ts'
import { type Cost, costOf, median } from './statistics.ts'

const operations = 120
const forgedTries = 60

/** Sign-ins through the whole assertion consumer service, beside the library alone and xmlsec1; and what forgers cost. */
export async function benchSaml(): Promise<readonly Goal[]> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-bench-saml-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const environment = demoEnvironment()
  const port = await freePort()
  const config = await writeBenchConfig(folder, port, 'http://localhost:9', [samlMethod(folder)])
  const broker = opened.use(await MeasuredProcess.start('broker', environment, config))
  const { url } = broker
  const { idp } = samlCast()
  const bare = opened.use(
    await MeasuredProcess.start(
      'bare-saml',
      environment,
      idp.certificate,
      `${url}/saml/corp/metadata`,
      `${url}/saml/corp/acs`,
    ),
  )
  const { ours, base, sample } = await signIns(broker, bare)
  const xmlsec = await xmlsec1(folder, sample)
  const kilobytes = format(Buffer.byteLength(sample) / 1024)
  print(
    `## SAML: a response of ${kilobytes} kB, twenty roles and groups, response and assertion signed`,
  )
  print()
  const rows = [rowOf('the library alone', base, base), rowOf('whole sign-in', ours, base)]
  if (xmlsec) rows.push(rowOf('xmlsec1 --verify', xmlsec, base))
  printTable(['', 'CPU µs', 'ratio', 'p50 ms', 'p99 ms', 'per second'], rows)

  const blocked = await forged(environment)
  print(`A forged response of 64 kB holds the event loop for ${format(blocked)} ms (p50).`)
  print()
  const flood = await benchFlood(environment, folder)
  return [
    {
      name: 'SAML sign-in, CPU against the library alone',
      value: ours.cpu / base.cpu,
      atMost: 1.25,
      unit: 'times',
    },
    {
      name: 'forged SAML response of 64 kB, event loop blocked',
      value: blocked,
      atMost: 2,
      unit: 'ms',
    },
    ...flood,
  ]
}

async function signIns(
  broker: MeasuredProcess,
  bare: MeasuredProcess,
): Promise<{ ours: Cost; base: Cost; sample: string }> {
  const oursAll: Cost[] = []
  const baseAll: Cost[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let sample = ''
  // The first round warms both up.
  for (let round = 0; round <= rounds; round += 1) {
    const prepared: Prepared[] = []
    await inParallel(operations, 8, async () => {
      prepared.push(await prepare(broker.url))
    })
    sample = prepared[0]?.xml ?? ''
    const responses = prepared.map(({ xml }) => Buffer.from(xml).toString('base64'))
    const base = await costIn(
      bare,
      async () => (await bare.ask<{ latencies: number[] }>({ responses })).latencies,
    )
    const ours = await costIn(broker, () =>
      inParallel(operations, 8, async (index) => {
        const one = prepared[index]
        const status = one && (await postPrepared(broker.url, one, agent))
        if (status !== 303)
          throw new Error(`a genuine response was answered with ${String(status)}`)
      }),
    )
    if (round === 0) continue
    baseAll.push(base)
    oursAll.push(ours)
  }
  agent.destroy()
  return { ours: median(oursAll), base: median(baseAll), sample }
}

/** Both signatures by xmlsec1, start-up taken off; undefined where it is not installed. */
async function xmlsec1(folder: string, xml: string): Promise<Cost | undefined> {
  const run = promisify(execFile)
  const [response, certificate] = [join(folder, 'response.xml'), join(folder, 'idp.crt')]
  writeFileSync(response, xml)
  writeFileSync(certificate, samlCast().idp.certificate)
  const ids = [`${protocol}:Response`, `${assertion}:Assertion`]
  const idAttributes = ids.flatMap((name) => ['--id-attr:ID', name])
  const trusted = ['--pubkey-cert-pem', certificate, ...idAttributes]
  const verify = async (times: number, which: string): Promise<number> => {
    const start = performance.now()
    const node = ['--node-xpath', `(//*[local-name()='Signature'])[${which}]`]
    await run('xmlsec1', ['--verify', '--repeat', String(times), ...trusted, ...node, response])
    return performance.now() - start
  }
  try {
    let milliseconds = 0
    for (const which of ['1', '2'])
      milliseconds += ((await verify(501, which)) - (await verify(1, which))) / 500
    return costOf([milliseconds], milliseconds * 1000, milliseconds / 1000)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function forged(environment: NodeJS.ProcessEnv): Promise<number> {
  await using child = await MeasuredProcess.start('forged-saml', environment)
  await child.ask({ operations: 20 })
  const { latencies } = await child.ask<{ latencies: number[] }>({ operations: forgedTries })
  return costOf(latencies, 0, 1).p50
}

function rowOf(name: string, cost: Cost, base: Cost): string[] {
  const { cpu, p50, p99, perSecond } = cost
  return [name, format(cpu), format(cpu / base.cpu), format(p50), format(p99), format(perSecond)]
}
