import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { issue, keyCertSign } from '../../keys/test-certificates.ts'
import { freePort } from '../../support/free-port.ts'
import { requirePrograms } from '../samba/require-programs.ts'

const run = promisify(execFile)

export const base = 'dc=corp,dc=example'
export const password = 'Us3r-Passw0rd!'

/** slapd on free ports of loopback, with the people of directory.ldif and the groups of groups.ldif. */
export interface OpenLdapServer {
  readonly ca: string
  readonly ldaps: string
  readonly ldap: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Skips the tests of the file where slapd is missing. */
export function requireOpenLdap(): boolean {
  return requirePrograms({ '/usr/sbin/slapd': 'slapd', '/usr/bin/ldapmodify': 'ldap-utils' })
}

/** Fills and starts a directory. */
export async function startOpenLdap(): Promise<OpenLdapServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-slapd-'))
  const ca = issue({ commonName: 'Directory CA', authority: true, keyUsage: keyCertSign })
  const leaf = issue({ commonName: 'localhost', issuer: ca })
  const put = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  }
  put('ca.pem', ca.certificatePem)
  put('server.pem', leaf.certificatePem)
  put('server.key', leaf.keyPem)
  put('slapd.conf', settings(folder))
  mkdirSync(join(folder, 'data'))
  const config = ['-f', join(folder, 'slapd.conf')]
  await run('/usr/sbin/slapadd', [...config, '-l', join(import.meta.dirname, 'directory.ldif')])
  const [plain, secure] = [await freePort(), await freePort()]
  const local = `ldapi://${encodeURIComponent(join(folder, 'socket'))}`
  const addresses = `ldap://127.0.0.1:${plain} ldaps://127.0.0.1:${secure} ${local}`
  // -d keeps it in the foreground, and thus ours to end.
  const program = spawn('/usr/sbin/slapd', [...config, '-h', addresses, '-d', '0'], {
    stdio: 'ignore',
  })
  const exited = once(program, 'exit')
  const stop = async (): Promise<void> => {
    program.kill('SIGTERM')
    await Promise.race([exited, delay(5_000)])
    program.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; !(await listens(secure)); tries += 1) {
    if (tries > 100 || program.exitCode !== null) {
      await stop()
      throw new Error(`slapd does not listen: try slapd -f ${folder}/slapd.conf -d 1`)
    }
    await delay(100)
  }
  // Not offline, where no overlay sees it, memberof least of all.
  const groups = join(import.meta.dirname, 'groups.ldif')
  const as = ['-x', '-D', `cn=admin,${base}`, '-w', password]
  try {
    await run('ldapmodify', ['-H', local, ...as, '-f', groups])
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ca: ca.certificatePem,
    ldap: `ldap://localhost:${plain}`,
    ldaps: `ldaps://localhost:${secure}`,
    [Symbol.asyncDispose]: stop,
  }
}

function settings(folder: string): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis']
  return `${schemas.map((name) => `include /etc/ldap/schema/${name}.schema`).join('\n')}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key
TLSProtocolMin 3.3
# No password in the clear, whoever asks.
security simple_bind=128
localSSF 256
sizelimit size.soft=500 size.pr=100
database mdb
suffix "${base}"
rootdn "cn=admin,${base}"
rootpw ${password}
directory ${folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=svc,${base}" read by self read by * none
overlay memberof
overlay ppolicy
ppolicy_default "cn=policy,${base}"
ppolicy_hash_cleartext
`
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
