import type { Config } from '../config/config.ts'
import { nameKeytab } from '../config/env.ts'
import type { KerberosMethodConfig } from '../config/kerberos-method-config.ts'
import type { Effects } from '../effects.ts'
import type { ClaimStore } from '../identity/claim-store.ts'
import type { Directory } from '../identity/directory/directory.ts'
import { type Gssapi, loadGssapi } from '../identity/kerberos/gssapi.ts'
import type { KerberosMethod } from '../identity/kerberos/kerberos-method.ts'
import { KerberosUnavailable } from '../identity/kerberos/kerberos-refusal.ts'
import {
  createKerberosSignIn,
  type KerberosSettings,
} from '../identity/kerberos/kerberos-sign-in.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { ApiWay } from '../web/api/api-way.ts'
import type { ReadinessCheck, WebMetrics } from '../web/dependencies.ts'
import { kerberosWay } from '../web/kerberos/kerberos-way.ts'
import type { SignInRecord } from '../web/sign-in-record.ts'

/** Sign-in by Kerberos tickets, where a configuration has it. */
export interface ComposedKerberos {
  readonly method: KerberosMethod | undefined
  readonly apiWays: (record: SignInRecord) => readonly ApiWay[]
  readonly checks: readonly ReadinessCheck[]
}

export interface KerberosParts {
  readonly directories: ReadonlyMap<string, Pick<Directory, 'lookUp'>>
  readonly claims: ClaimStore
  readonly effects: Pick<Effects, 'now'>
  readonly logger: Logger
  readonly metrics: Pick<WebMetrics, 'ticketRefused'>
  /** The optional package unless given. */
  readonly load: (() => Promise<Gssapi>) | undefined
}

/** Without package, keytab or key nobody can sign in by this method: it is told at once, and the others go on. */
export async function composeKerberos(
  config: Pick<Config, 'signIn' | 'publicUrl'>,
  { directories, claims, effects, logger, metrics, load = () => loadGssapi() }: KerberosParts,
): Promise<ComposedKerberos> {
  const configured = config.signIn.find((method) => method.type === 'kerberos')
  const directory = configured && directories.get(configured.directory)
  if (!configured || !directory) return { method: undefined, apiWays: () => [], checks: [] }
  const { id, keytab, automatic, machines } = configured
  if (keytab !== undefined) nameKeytab(keytab)
  const settings = kerberosSettings(configured, config)
  const signIn = createKerberosSignIn({ settings, directory, claims, effects, load })
  const method = { ...signIn, automatic, machines }
  const check = async (): Promise<void> => {
    try {
      await method.check()
    } catch (error) {
      throw error instanceof KerberosUnavailable ? new Error(error.detail, { cause: error }) : error
    }
  }
  await check().catch((error: unknown) => {
    logger.error({ err: error, method: id }, 'nobody can sign in by this method yet')
  })
  return {
    method,
    apiWays: (record) => [kerberosWay(method, metrics, record)],
    checks: [{ name: `Kerberos key of ${id}`, vital: false, check }],
  }
}

/** What the configuration says of the method, of its directory and of the address, in this order. */
export function kerberosSettings(
  { id, label, people, service, realm, directory }: KerberosMethodConfig,
  { signIn, publicUrl }: Pick<Config, 'signIn' | 'publicUrl'>,
): KerberosSettings {
  const source = signIn.find((method) => method.id === directory)
  const domain = source?.type === 'active-directory' ? source.realm : ''
  return {
    id,
    label,
    people,
    // A service principal name in the words of GSSAPI (RFC 2743 §4.1).
    service: (service ?? `HTTP/${new URL(publicUrl).hostname}`).replace('/', '@'),
    realm: realm ?? domain.toUpperCase(),
  }
}
