import { statSync } from 'node:fs'
import { kerberosSettings } from '../../compose/kerberos.ts'
import type { Config } from '../../config/config.ts'
import { nameKeytab } from '../../config/env.ts'
import { startServer } from '../../identity/kerberos/accept-token.ts'
import { type Gssapi, loadGssapi } from '../../identity/kerberos/gssapi.ts'
import { KerberosUnavailable } from '../../identity/kerberos/kerberos-refusal.ts'
import { type Finding, ok } from './finding.ts'

/** Whether tickets can be taken: package, keytab and a key for the service. Undefined where no method takes them. */
export async function examineKerberos(
  config: Pick<Config, 'signIn' | 'publicUrl'>,
  load: () => Promise<Gssapi> = () => loadGssapi(),
): Promise<Finding | undefined> {
  const method = config.signIn.find(({ type }) => type === 'kerberos')
  if (method?.type !== 'kerberos') return undefined
  const { id, keytab } = method
  const { service, realm } = kerberosSettings(method, config)
  const what = `Kerberos key of ${id}`
  if (keytab !== undefined) nameKeytab(keytab)
  try {
    await startServer({ gssapi: await load(), service })
  } catch (error) {
    if (!(error instanceof KerberosUnavailable)) throw error
    const fixes = ['docs/kerberos.md says how to make a keytab, and for which name.']
    return { what, state: 'failed', says: error.detail ?? error.message, fixes }
  }
  if (keytab !== undefined && isOpenToOthers(keytab)) {
    const says = `everybody on this machine can read ${keytab}`
    return { what, state: 'warning', says, fixes: ['Let postern-server alone read it.'] }
  }
  return ok(what, `takes tickets of ${realm} for ${service}`)
}

function isOpenToOthers(file: string): boolean {
  try {
    return (statSync(file).mode & 0o004) !== 0
  } catch {
    return false
  }
}
