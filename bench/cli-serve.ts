import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { processCpu } from './command-samples.ts'
import { format, print, printTable } from './goals.ts'

const hello = `
const server = require('node:http').createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 5 }); response.end('hello') })
server.listen(0, '127.0.0.1', () => process.stderr.write('port: ' + server.address().port + '\\n'))`

/** CPU of a GET of the credentials against that of a bare server that says hello. */
export async function serveCost(
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
