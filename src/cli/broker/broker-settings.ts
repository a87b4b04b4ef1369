import { resolve } from 'node:path'
import { CliFault } from '../cli-fault.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { type KeySettings, keySettings } from '../settings/key-settings.ts'
import type { Route } from '../settings/session-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { brokerOrigin } from './broker-origin.ts'
import { type KnownBroker, readKnownBrokers } from './known-brokers.ts'

/** How one proves who one is. */
type Proof =
  | { readonly by: 'token' }
  | { readonly by: 'ticket' }
  | { readonly by: 'certificate'; readonly keys: KeySettings }

/** Which broker to ask, and how. */
export interface BrokerSettings {
  readonly origin: string
  readonly proof: Proof
  /** What the login left behind; undefined without one. */
  readonly known: KnownBroker | undefined
  readonly route: Route
}

/** Reads the settings: flags, then environment, then what the last login left behind. CliFault when no broker is named. */
export function brokerSettings(flags: Flags, surroundings: Surroundings): BrokerSettings {
  const { env } = surroundings
  const { usual, brokers } = readKnownBrokers(surroundings)
  const named = flags.filled('broker') ?? filled(env['POSTERN_BROKER']) ?? usual
  if (named === undefined) {
    throw new CliFault('No broker is named. Log in once: postern login --broker URL.')
  }
  const origin = brokerOrigin(named)
  const known = brokers.get(origin)
  const ca =
    flags.filled('ca') ?? known?.ca ?? filled(env['AWS_CA_BUNDLE']) ?? filled(env['SSL_CERT_FILE'])
  return {
    origin,
    proof: proofOf(flags, known, surroundings),
    known,
    route: { caBundle: ca === undefined ? undefined : resolve(ca), verify: true },
  }
}

function proofOf(
  flags: Flags,
  known: KnownBroker | undefined,
  surroundings: Pick<Surroundings, 'env'>,
): Proof {
  if (flags.declares('kerberos') && flags.isOn('kerberos')) return { by: 'ticket' }
  const keys = keySettings(flags, surroundings)
  if (keys.certificate !== undefined || keys.privateKey !== undefined)
    return { by: 'certificate', keys }
  if (known?.by === 'ticket') return { by: 'ticket' }
  if (known?.by !== 'certificate') return { by: 'token' }
  const { certificate, privateKey } = known
  return { by: 'certificate', keys: { ...keys, certificate, privateKey } }
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
