import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../../scripts/demo-config.ts'
import { runAdmin } from '../../../src/admin/command-line.ts'
import { alterConfig } from '../../support/alter-config.ts'
import { startBrokerProcess, type BrokerProcess } from '../../support/broker-process.ts'
import { freePort } from '../../support/free-port.ts'
import { makeTestKey } from '../../support/saml/self-signed.ts'
import { kerberosFolder } from './kerberos-package.ts'
import { domain, type SambaDirectory } from './samba-directory.ts'

export const host = 'web.corp.example.test'

/** A broker of its own process, behind TLS, whose people come from Samba by form and by ticket, on a sandbox of AWS. */
export interface KerberosBroker extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly broker: BrokerProcess
  readonly aws: Sandbox
  /** Events of the trail so far. */
  trail(): Promise<readonly Record<string, unknown>[]>
}

export async function startKerberosBroker(
  samba: SambaDirectory,
  changes: object = {},
): Promise<KerberosBroker> {
  await using opened = new AsyncDisposableStack()
  const packageFolder = await kerberosFolder()
  const folder = mkdtempSync(join(tmpdir(), 'postern-kerberos-broker-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const key = makeTestKey({ subject: host })
  writeFileSync(join(folder, 'directory-ca.pem'), samba.ca)
  writeFileSync(join(folder, 'directory-password'), domain.password)
  const [inner, awsPort] = [await freePort(), await freePort()]
  const port = await serveTls(opened, key, inner)
  const aws = opened.use(await startSandbox({ port: awsPort }))
  const config = await writeDemoConfig(folder, { broker: inner, aws: awsPort })
  alterConfig(config, {
    publicUrl: `https://${host}:${port}`,
    signIn: [
      {
        ...{ id: 'windows', type: 'kerberos', people: 'staff', directory: 'ad' },
        ...{ keytab: samba.keytab, machines: true, ...changes },
      },
      {
        ...{ id: 'ad', type: 'active-directory', people: 'staff', urls: ['ldaps://localhost'] },
        ...{ ca: '${file:directory-ca.pem}', baseDn: domain.dn, realm: 'corp.example.test' },
        ...{ netbiosDomain: domain.netbios, groups: { as: 'sid' } },
        bind: {
          as: 'service-account',
          name: 'svc-postern@corp.example.test',
          password: '${file:directory-password}',
        },
      },
    ],
    // Domain Users and Domain Computers.
    grants: [513, 515].map((rid) => ({
      people: 'staff',
      group: `${samba.sid}-${rid}`,
      roles: ['arn:aws:iam::111111111111:role/ReadOnly', 'arn:aws:iam::222222222222:role/ReadOnly'],
    })),
  })
  const environment = {
    KRB5_CONFIG: samba.krb5Config,
    KRB5RCACHENAME: `file2:${folder}/replays`,
    POSTERN_KERBEROS: packageFolder,
  }
  const broker = opened.use(
    await startBrokerProcess(
      config,
      inner,
      ['env', ...Object.entries(environment).map((pair) => pair.join('='))],
      join(import.meta.dirname, 'server-with-kerberos.mjs'),
    ),
  )
  const owned = opened.move()
  return {
    origin: `https://${host}:${port}`,
    port,
    broker,
    aws,
    async trail() {
      const lines: string[] = []
      const keep = (line: string): void => void lines.push(line)
      const io = { stdout: keep, stderr: keep }
      const code = await runAdmin(['audit', 'export'], io, { POSTERN_CONFIG: config })
      if (code !== 0) throw new Error(lines.join('\n'))
      return lines.map((line) => (JSON.parse(line) as { event: Record<string, unknown> }).event)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Ends TLS and hands everything on to a port of this machine, as a load balancer would. Gives its own port. */
async function serveTls(
  opened: AsyncDisposableStack,
  { certificate, privateKey }: { readonly certificate: string; readonly privateKey: string },
  inner: number,
): Promise<number> {
  const server = createServer({ cert: certificate, key: privateKey }, (outside) => {
    const inside = connect({ host: '127.0.0.1', port: inner })
    const close = (): void => {
      outside.destroy()
      inside.destroy()
    }
    outside.on('error', close).on('close', close).pipe(inside)
    inside.on('error', close).on('close', close).pipe(outside)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.defer(() => {
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
