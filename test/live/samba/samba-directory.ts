import { execFile, spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { exclusively } from './exclusively.ts'
import { requirePrograms } from './require-programs.ts'

const run = promisify(execFile)

export const domain = {
  realm: 'CORP.EXAMPLE.TEST',
  netbios: 'CORP',
  dn: 'DC=corp,DC=example,DC=test',
  people: 'OU=People,DC=corp,DC=example,DC=test',
  /** Of everybody. */
  password: 'Us3r-Passw0rd!',
}

/** A domain controller on 127.0.0.1, with the people and groups of seed.py. Its LDAP ports can't be moved. */
export interface SambaDirectory {
  readonly folder: string
  readonly ca: string
  readonly sid: string
  readonly krb5Config: string
  readonly keytab: string
  [Symbol.asyncDispose](): Promise<void>
}

const ports = [88, 389, 636]

/** What a domain controller needs, by the Debian package of each file. */
export const sambaPrograms = {
  '/usr/sbin/samba': 'samba',
  '/usr/bin/samba-tool': 'samba',
  '/usr/share/samba/setup/provision.ldif': 'samba-ad-provision',
  '/usr/sbin/winbindd': 'winbind',
  '/usr/bin/ldbsearch': 'ldb-tools',
  '/usr/bin/openssl': 'openssl',
} as const

export const sambaNeeds = { root: 'the LDAP ports' } as const

/** Skips the tests of the file where the programs are missing or the user isn't root. */
export function requireSamba(): boolean {
  return requirePrograms(sambaPrograms, sambaNeeds)
}

/** Provisions, fills and starts a domain controller; one at a time on a machine. */
export async function startSamba(): Promise<SambaDirectory> {
  const release = await exclusively('postern-samba', 180_000)
  const folder = mkdtempSync(join(tmpdir(), 'postern-samba-'))
  const undo = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true })
    await release()
  }
  try {
    for (const port of ports) {
      if (await listens(port))
        throw new Error(`port ${port} is taken; a domain controller needs it`)
    }
    await provision(folder)
    const { stdout } = await run('/usr/bin/python3', [beside('seed.py'), folder])
    const sid = /^S-1-5-21-\d+-\d+-\d+$/m.exec(stdout)?.[0] ?? ''
    const stop = await start(folder)
    return {
      folder,
      sid,
      ca: readFileSync(join(folder, 'tls', 'ca.pem'), 'utf8'),
      krb5Config: join(folder, 'krb5.conf'),
      keytab: join(folder, 'http.keytab'),
      async [Symbol.asyncDispose]() {
        await stop()
        await undo()
      },
    }
  } catch (error) {
    await undo()
    throw error
  }
}

async function provision(folder: string): Promise<void> {
  for (const name of ['run', 'ncalrpc', 'winbindd', 'cache', 'tls']) {
    await mkdir(join(folder, name), { mode: 0o755 })
  }
  // An empty file, or provisioning would look at /etc/samba.
  writeFileSync(join(folder, 'empty.conf'), '')
  await run('samba-tool', [
    ...['domain', 'provision', `--configfile=${folder}/empty.conf`, `--targetdir=${folder}`],
    ...[`--realm=${domain.realm}`, `--domain=${domain.netbios}`, '--server-role=dc'],
    ...['--dns-backend=SAMBA_INTERNAL', '--use-rfc2307', '--host-name=dc1', '--host-ip=127.0.0.1'],
    ...['--adminpass=Adm1n-Passw0rd!', '--option=interfaces=127.0.0.1/8'],
    '--option=bind interfaces only=yes',
  ])
  await run('sh', [beside('certificates.sh'), join(folder, 'tls')])
  const file = join(folder, 'etc', 'smb.conf')
  const written = readFileSync(file, 'utf8').replace(/\tdns forwarder = .*\n/, '')
  writeFileSync(file, written.replace('[global]\n', `[global]\n${settings(folder)}`))
  writeFileSync(join(folder, 'krb5.conf'), krb5)
}

function settings(folder: string): string {
  const all = {
    'pid directory': `${folder}/run`,
    'ncalrpc dir': `${folder}/ncalrpc`,
    'winbindd socket directory': `${folder}/winbindd`,
    'ntp signd socket directory': `${folder}/ntp_signd`,
    'server services': 'rpc, ldap, cldap, kdc, drepl, winbindd, kcc',
    'dns update command': '/bin/true',
    'spn update command': '/bin/true',
    'tls enabled': 'yes',
    'tls certfile': `${folder}/tls/dc.pem`,
    'tls keyfile': `${folder}/tls/dc.key`,
    'tls cafile': `${folder}/tls/ca.pem`,
    'tls priority': 'NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3',
    'ldap server require strong auth': 'yes',
    'kdc default domain supported enctypes': 'aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96',
  }
  return Object.entries(all)
    .map(([name, value]) => `\t${name} = ${value}\n`)
    .join('')
}

const krb5 = `[libdefaults]
 default_realm = ${domain.realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 rdns = false
 dns_canonicalize_hostname = false
[realms]
 ${domain.realm} = {
  kdc = 127.0.0.1
  admin_server = 127.0.0.1
 }
[domain_realm]
 .corp.example.test = ${domain.realm}
 corp.example.test = ${domain.realm}
`

async function start(folder: string): Promise<() => Promise<void>> {
  const output = createWriteStream(join(folder, 'samba.out'))
  const program = spawn(
    '/usr/sbin/samba',
    ['-s', join(folder, 'etc', 'smb.conf'), '-F', '--no-process-group', '--debug-stdout'],
    // A group of its own, so that its many processes end with it.
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  program.stdout.pipe(output)
  program.stderr.pipe(output, { end: false })
  const { pid } = program
  if (pid === undefined) throw new Error('samba did not start')
  const exited = once(program, 'exit')
  const stop = async (): Promise<void> => {
    signal(pid, 'SIGTERM')
    await Promise.race([exited, delay(10_000)])
    signal(pid, 'SIGKILL')
    for (const port of ports) await until(async () => !(await listens(port)), 50)
  }
  try {
    for (const port of ports) {
      const up = await until(() => listens(port), 120)
      if (!up) throw new Error(`samba does not listen on ${port}: see ${folder}/samba.out`)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name)
  } catch {
    // All of it has ended.
  }
}

async function until(check: () => Promise<boolean>, tries: number): Promise<boolean> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (await check()) return true
    await delay(250)
  }
  return false
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function beside(name: string): string {
  return join(import.meta.dirname, name)
}
