import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BrokerLab } from '../cli/broker/broker-lab.ts'
import { parsed } from '../cli/cli-lab.ts'
import { type ConnectProxy, startConnectProxy } from '../support/connect-proxy.ts'
import { type KerberosBroker, startKerberosBroker } from './samba/kerberos-broker.ts'
import { kerberosFolder } from './samba/kerberos-package.ts'
import { requirePrograms } from './samba/require-programs.ts'
import { requireSamba, type SambaDirectory, startSamba } from './samba/samba-directory.ts'
import { logOn, ticketEnvironment } from './samba/tickets.ts'

const runs =
  requireSamba() &&
  requirePrograms({
    '/usr/bin/kinit': 'krb5-user',
    '/usr/bin/curl': 'curl',
    '/usr/bin/krb5-config': 'libkrb5-dev',
    '/usr/bin/g++': 'g++',
    '/usr/bin/make': 'make',
  })
const opened = new AsyncDisposableStack()
let samba: SambaDirectory
let broker: KerberosBroker
let proxy: ConnectProxy
let packageFolder: string

beforeAll(async () => {
  if (!runs) return
  samba = opened.use(await startSamba())
  broker = opened.use(await startKerberosBroker(samba))
  proxy = opened.use(await startConnectProxy())
  packageFolder = await kerberosFolder()
}, 480_000)

afterAll(async () => {
  await opened.disposeAsync()
}, 60_000)

/** What the broker shows of itself, in PEM; it is its own authority. */
function authority(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect(
    { host: '127.0.0.1', port: broker.port, rejectUnauthorized: false },
    () => {
      resolve(socket.getPeerX509Certificate()?.toString() ?? '')
      socket.destroy()
    },
  )
  socket.on('error', reject)
  return promise
}

/** A home on a computer of the domain, whose only way out is a proxy. */
async function computer(user: string, more: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'postern-domain-'))
  opened.defer(() => {
    rmSync(home, { recursive: true, force: true })
  })
  const lab = new BrokerLab(home, broker)
  const tickets = Object.entries(ticketEnvironment(samba, user))
  for (const [name, value] of tickets) if (value !== undefined) lab.env[name] = value
  Object.assign(lab.env, { HTTPS_PROXY: proxy.url, ...more })
  return { lab, ca: lab.file('ca.pem', await authority()) }
}

describe.each(['the package kerberos', 'curl'])('with a ticket, by %s', (way) => {
  const more = (): Record<string, string> =>
    way === 'curl' ? {} : { NODE_PATH: join(packageFolder, 'node_modules') }

  test('there is no browser and no token', async () => {
    logOn(samba, 'bob')
    const { lab, ca } = await computer('bob', more())
    const login = await lab.run(['login', '--kerberos', '--ca', ca])
    expect(login.code, login.stderr).toBe(0)
    expect(login.stdout).toContain('(bob)')
    const me = parsed((await lab.run(['whoami', '--json'])).stdout)
    expect(me).toMatchObject({ name: 'bob', by: 'ticket' })
    const before = broker.aws.issued().length
    const call = ['credential-process', '--role', 'Production/ReadOnly']
    const [first, second] = [await lab.run(call), await lab.run(call)]
    expect(first.code, first.stderr).toBe(0)
    expect(second.stdout).toBe(first.stdout)
    expect(broker.aws.issued().length - before).toBe(1)
    expect(proxy.asked.every((asked) => asked === new URL(broker.origin).host)).toBe(true)
  })

  test('without one it is said what to do', async () => {
    const { lab, ca } = await computer('nobody', more())
    const { code, stdout, stderr } = await lab.run(['login', '--kerberos', '--ca', ca])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/kinit|ticket/i)
  })
})
