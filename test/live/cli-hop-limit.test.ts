import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { bundleCli } from '../../scripts/bundle-cli.ts'
import { cliLab, ended } from '../cli/cli-lab.ts'

const python = '/usr/bin/python3'
const from = createRequire(join(process.env['POSTERN_PKCS11JS'] ?? process.cwd(), 'package.json'))
const addon = ((): string | undefined => {
  try {
    return dirname(from.resolve('koffi'))
  } catch {
    return undefined
  }
})()

// Says the time to live of the packets with data that come from a port of this machine, one number a line.
const watcher = `
import socket, struct, sys
lo = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.ntohs(0x0800))
lo.bind(('lo', 0))
print('ready', flush=True)
while True:
    packet, (_, _, kind, *_) = lo.recvfrom(65535)
    head = (packet[0] & 15) * 4
    data = struct.unpack('!H', packet[2:4])[0] - head - (packet[head + 12] >> 4) * 4
    if kind == 0 and packet[9] == 6 and data > 0 and struct.unpack('!H', packet[head:head + 2])[0] == int(sys.argv[1]):
        print(packet[8], flush=True)
`

function maySniff(): boolean {
  try {
    const trial = 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0)'
    execFileSync(python, ['-c', trial], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const missing = [
  ...(addon === undefined ? ['the npm package koffi'] : []),
  ...(maySniff() ? [] : ['python3, and the right to look at packets']),
]

describe('serve --hop-limit', () => {
  test.for([7, 64])('makes packets that go %i hops', async (hops, { skip }) => {
    if (missing.length > 0) skip(`needs ${missing.join(' and ')}`)
    const lab = await cliLab()
    const installed = mkdtempSync(join(tmpdir(), 'postern-hops-'))
    onTestFinished(() => {
      rmSync(installed, { recursive: true, force: true })
    })
    await bundleCli(join(installed, 'postern.cjs'))
    mkdirSync(join(installed, 'node_modules'))
    symlinkSync(addon ?? '', join(installed, 'node_modules/koffi'))
    lab.program = [process.execPath, join(installed, 'postern.cjs')]
    const serve = ['serve', '--json', '--port', '0', '--hop-limit', String(hops)]
    const child = lab.start([...serve, ...lab.session()])
    const outcome = ended(child)
    const [said] = (await once(child.stdout ?? child, 'data')) as [Buffer]
    const { port } = JSON.parse(said.toString()) as { port: number }
    const watching = spawn(python, ['-c', watcher, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface(watching.stdout)
    await once(lines, 'line')
    const seen = once(lines, 'line')
    const sent = request({ port, host: '127.0.0.1', method: 'PUT', path: '/latest/api/token' })
    const [answer] = (await once(sent.end(), 'response')) as [NodeJS.ReadableStream]
    answer.resume()
    const [ttl] = (await seen) as [string]
    watching.kill('SIGKILL')
    child.kill('SIGTERM')
    expect([Number(ttl), (await outcome).code]).toEqual([hops, 0])
  })

  test('says what is missing where koffi is not installed, and refuses nonsense', async () => {
    const lab = await cliLab()
    for (const [hops, message] of [
      ['7', 'npm install --no-save --no-strict-allow-scripts koffi@'],
      ['0', 'must be 1 to 255'],
      ['256', 'must be 1 to 255'],
    ] as const) {
      const serve = ['serve', '--port', '0', '--hop-limit', hops, ...lab.session()]
      const { code, stderr } = await lab.run(serve)
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    }
  })
})
