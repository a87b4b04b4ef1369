import { Agent, request } from 'node:http'
import { freePort } from '../test/support/free-port.ts'
import { writeBenchConfig } from './bench-config.ts'
import { format, type Goal, print, printTable } from './goals.ts'
import { inParallel } from './in-parallel.ts'
import { costIn } from './lab.ts'
import { MeasuredProcess } from './measured-process.ts'
import { samlMethod } from './saml-lab.ts'
import type { Cost } from './statistics.ts'

// Fewer than Postern takes of one address before it says 429, unread.
const floods = 20
const atOnce = 4
const size = 8 * 1024 * 1024

interface Flooded extends Cost {
  /** Megabytes of buffers that were held at most. */
  readonly held: number
  /** How many heard 413; the others were cut off while they still sent. */
  readonly answered: number
}

/**
 * Bodies far too large for the assertion consumer service, half of them without a length, beside a server that reads
 * what it refuses: it shows that the meter sees such a body at all.
 */
export async function benchFlood(
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<readonly Goal[]> {
  const port = await freePort()
  const config = await writeBenchConfig(folder, port, 'http://localhost:9', [samlMethod(folder)])
  await using broker = await MeasuredProcess.start('broker', environment, config)
  await using reader = await MeasuredProcess.start('body-reader', environment)
  const base = await flood(reader)
  const ours = await flood(broker)
  if (base.held < size / megabyte) throw new Error('the meter does not see a body that is read')
  print(`## SAML: ${floods} bodies of 8 MB, ${atOnce} at once`)
  print()
  printTable(
    ['', 'buffers MB', 'CPU µs', 'p50 ms', 'p99 ms', 'told 413'],
    [rowOf('read, then refused', base), rowOf('Postern', ours)],
  )
  return [
    {
      name: 'bodies of 8 MB, buffers against a server that reads them',
      value: ours.held / base.held,
      atMost: 0.15,
      unit: 'times',
    },
    {
      name: 'bodies of 8 MB, CPU against a server that reads them',
      value: ours.cpu / base.cpu,
      atMost: 1,
      unit: 'times',
    },
  ]
}

const megabyte = 1024 * 1024

async function flood(server: MeasuredProcess): Promise<Flooded> {
  const body = Buffer.alloc(size, 'A')
  const agent = new Agent({ maxSockets: atOnce })
  let answered = 0
  const send = async (index: number): Promise<void> => {
    const status = await post(server.port, body, index % 2 === 0, agent)
    if (status === 413) answered += 1
    else if (status !== undefined) throw new Error(`a body of 8 MB was answered with ${status}`)
  }
  try {
    await inParallel(floods, atOnce, send)
    answered = 0
    await server.ask({ ask: 'watch-loop' })
    const cost = await costIn(server, () => inParallel(floods, atOnce, send))
    const { buffered } = await server.ask<{ buffered: number }>({ ask: 'loop' })
    if (answered === 0) throw new Error('no body of 8 MB was answered')
    return { ...cost, held: buffered / megabyte, answered }
  } finally {
    agent.destroy()
  }
}

/** The status, or undefined where the server cut the connection; any other failure rejects. */
async function post(
  port: number,
  body: Buffer,
  sized: boolean,
  agent: Agent,
): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    connection: 'close',
    ...(sized && { 'content-length': body.length }),
  }
  const outgoing = request(
    { host: 'localhost', port, method: 'POST', path: '/saml/corp/acs', agent, headers },
    (response) => {
      response.resume().on('close', () => {
        resolve(response.statusCode)
      })
    },
  )
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ECONNRESET') resolve(undefined)
    else reject(error)
  })
  if (sized) outgoing.end(body)
  else {
    outgoing.write(body)
    outgoing.end()
  }
  return promise
}

function rowOf(name: string, { held, cpu, p50, p99, answered }: Flooded): string[] {
  return [name, format(held), format(cpu), format(p50), format(p99), `${answered} of ${floods}`]
}
