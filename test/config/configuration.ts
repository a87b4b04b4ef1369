import { resolve } from 'node:path'
import { stringify } from 'yaml'
import type { Config } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/env.ts'
import { type ConfigFault, ConfigFaults, describeFault } from '../../src/config/fault.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { ReadFile } from '../../src/config/read-file.ts'

export const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$Zs9qcWBpfC4MlQ6Ph6CDzw$C39HnjOmIgSoysRQplF/BybtwTjyDSla6uPK1XAglUg'

export const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'

/** The smallest configuration that is in order. */
export const base = {
  publicUrl: 'https://aws.corp.example',
  listen: { port: 8443 },
  signIn: [{ id: 'local', type: 'local', people: 'staff', users: [{ name: 'bob', passwordHash }] }],
  issuers: { hub: { type: 'assume-role' } },
  accounts: { '111111111111': { name: 'Production' } },
  roles: [{ arn: readOnly }],
  grants: [{ people: 'staff', user: 'bob', roles: [readOnly] }],
  audit: { key: '${file:audit.key}' },
}

export interface Surroundings {
  readonly env?: Environment
  /** By path, relative to the configuration file. */
  readonly files?: Readonly<Record<string, string | Buffer>>
}

const folder = '/etc/postern'
export const auditKey = 'audit-key-audit-key-audit-key-audit-key'

/** Loads a configuration from memory: an object, or YAML as it stands. */
export function load(
  content: object | string,
  { env = {}, files = {} }: Surroundings = {},
): Config {
  const text = typeof content === 'string' ? content : stringify(content)
  const all = new Map(
    Object.entries({ 'postern.yaml': text, 'audit.key': `${auditKey}\n`, ...files }).map(
      ([path, bytes]) => [resolve(folder, path), Buffer.from(bytes)],
    ),
  )
  const readFile: ReadFile = (path, maxBytes) => {
    const bytes = all.get(path)
    if (!bytes) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
    if (bytes.length > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
    return bytes
  }
  return loadConfig(`${folder}/postern.yaml`, env, readFile)
}

/** Everything that is wrong with a configuration. */
export function faultsOf(
  content: object | string,
  surroundings?: Surroundings,
): readonly ConfigFault[] {
  try {
    load(content, surroundings)
    return []
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults
    throw error
  }
}

/** The same, a line each. */
export function faultLines(
  content: object | string,
  surroundings?: Surroundings,
): readonly string[] {
  return faultsOf(content, surroundings).map(describeFault)
}

/** Paths of the faults. */
export function faultPaths(
  content: object | string,
  surroundings?: Surroundings,
): readonly string[] {
  return faultsOf(content, surroundings).map(({ path }) => path)
}
