import { resolve } from 'node:path'
import type { KerberosMethodConfig } from './kerberos-method-config.ts'
import type { DocumentSettings } from './schema/document.ts'

type Kerberos = Extract<DocumentSettings['signIn'][number], { type: 'kerberos' }>

/** Kerberos with its defaults. A relative path of a keytab starts at `folder`. */
export function kerberosOf(method: Kerberos, folder: string): KerberosMethodConfig {
  const { type, id, people = id, directory, service, realm, keytab, automatic, machines } = method
  return {
    type,
    id,
    label: method.label ?? 'Windows session',
    people,
    directory,
    service,
    realm,
    keytab: keytab === undefined ? undefined : resolve(folder, keytab),
    automatic,
    machines,
  }
}
