import { composeAccounts } from './accounts.ts'
import { composeCertificates, type ComposedCertificates, forwardedWays } from './certificates.ts'
import { composeDirectories, directoryChecks, directoryNews } from './directories.ts'
import { composeKerberos } from './kerberos.ts'
import { composeLocalForms } from './local-forms.ts'
import { composeSaml } from './saml.ts'
import type { Accounts } from '../broker/broker-parts.ts'
import type { Config } from '../config/config.ts'
import type { Effects } from '../effects.ts'
import type { Gssapi } from '../identity/kerberos/gssapi.ts'
import { watchCertificates } from '../identity/saml/saml-certificates.ts'
import type { State } from '../state/open-state.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { ApiWay } from '../web/api/api-way.ts'
import type { ReadinessCheck, WebDependencies } from '../web/dependencies.ts'
import type { SignInRecord } from '../web/sign-in-record.ts'

/** Every way to sign in that a configuration names. */
export interface ComposedSignIn extends Pick<WebDependencies, 'forms' | 'saml' | 'kerberos'> {
  readonly certificates: ComposedCertificates
  readonly accounts: Accounts
  readonly checks: readonly ReadinessCheck[]
  /** Ways into the API that need no token. */
  apiWays(record: SignInRecord): readonly ApiWay[]
  close(): void
}

export interface SignInParts {
  readonly state: Pick<State, 'attempts' | 'claims' | 'signInStates'>
  readonly effects: Effects
  readonly logger: Logger
  readonly metrics: Metrics
  readonly gssapi?: (() => Promise<Gssapi>) | undefined
}

/** Rejects with an Error where files that a method can't do without can't be used. */
export async function composeSignIn(config: Config, parts: SignInParts): Promise<ComposedSignIn> {
  const { state, effects, logger, metrics, gssapi: load } = parts
  const { attempts, claims, signInStates: states } = state
  const directories = composeDirectories(config, { attempts, effects })
  const saml = await composeSaml(config, { claims, states, effects, logger })
  const common = { directories, effects, logger }
  const kerberos = await composeKerberos(config, { ...common, claims, metrics, load })
  const certificates = await composeCertificates(config, common)
  metrics.samlCertificates(saml.certificates)
  metrics.directories(() => directoryNews(directories))
  metrics.revocationLists(() => certificates.lists())
  const watch = watchCertificates(saml.certificates, effects, logger)
  return {
    forms: [...composeLocalForms(config, effects), ...directories.values()],
    saml: saml.methods,
    kerberos: kerberos.method,
    certificates,
    accounts: composeAccounts(config, directories, effects.now),
    checks: [
      ...saml.checks,
      ...directoryChecks(config, directories),
      ...kerberos.checks,
      ...certificates.checks,
    ],
    apiWays: (record) => [
      ...kerberos.apiWays(record),
      ...forwardedWays(certificates.methods, metrics, record),
    ],
    close() {
      watch[Symbol.dispose]()
      saml.close()
      certificates.close()
    },
  }
}
