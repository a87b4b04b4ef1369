import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { kerberosFolder } from './kerberos-package.ts'
import { domain, type SambaDirectory } from './samba-directory.ts'

const run = promisify(execFile)

/** What programs of somebody need to find their tickets. */
export function ticketEnvironment(samba: SambaDirectory, user: string): NodeJS.ProcessEnv {
  const cache = join(samba.folder, `tickets-${user.replaceAll(/\W/g, '-')}`)
  return { PATH: process.env['PATH'], KRB5_CONFIG: samba.krb5Config, KRB5CCNAME: cache }
}

/** Gets a ticket for somebody, by the name given. */
export function logOn(samba: SambaDirectory, user: string, ...options: readonly string[]): void {
  const { status, stderr } = spawnSync('/usr/bin/kinit', [...options, user], {
    env: ticketEnvironment(samba, user),
    input: `${domain.password}\n`,
    timeout: 20_000,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`kinit: ${stderr}`)
}

/** A fresh token for a GSS service name, with the ticket that somebody has. */
export async function tokenOf(
  samba: SambaDirectory,
  user: string,
  service: string,
  mechanism = 'spnego',
): Promise<string> {
  const client = join(import.meta.dirname, 'negotiate-client.cjs')
  const args = [client, await kerberosFolder(), service, mechanism]
  const env = ticketEnvironment(samba, user)
  return (await run(process.execPath, args, { env, timeout: 20_000 })).stdout
}
