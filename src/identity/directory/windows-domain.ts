import { PresenceFilter } from 'ldapts'
import type { DirectoryConnection } from './directory-connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { DirectoryUnavailable } from './directory-fault.ts'
import { readInterval } from './windows-time.ts'

/** When accounts are locked. */
export interface LockoutPolicy {
  /** Wrong passwords until an account is locked; 0 for never. */
  readonly threshold: number
  /** Milliseconds after which wrong passwords are forgotten. */
  readonly observation: number
}

export interface WindowsDomain {
  readonly dn: string
  readonly lockout: LockoutPolicy
}

const anything = new PresenceFilter({ attribute: 'objectClass' })

/** The domain of a controller, and when it locks accounts (MS-ADTS §3.1.1.3.2; MS-SAMR §3.1.1.5). */
export async function readWindowsDomain(connection: DirectoryConnection): Promise<WindowsDomain> {
  const root = await read(connection, '', ['defaultNamingContext'])
  const dn = root?.text('defaultNamingContext')
  if (dn === undefined) throw new DirectoryUnavailable('the directory names no domain')
  const domain = await read(connection, dn, ['lockoutThreshold', 'lockOutObservationWindow'])
  const lockout = readLockout(domain, 'lockoutThreshold', 'lockOutObservationWindow')
  if (!lockout) throw new DirectoryUnavailable(`the lockout policy of ${dn} can’t be read`)
  return { dn, lockout }
}

/** A fine-grained policy (a PSO), where the service account may read it. */
export async function readFinePolicy(
  connection: DirectoryConnection,
  dn: string,
): Promise<LockoutPolicy | undefined> {
  const [threshold, observation] = ['msDS-LockoutThreshold', 'msDS-LockoutObservationWindow']
  return readLockout(await read(connection, dn, [threshold, observation]), threshold, observation)
}

function readLockout(
  entry: DirectoryEntry | undefined,
  thresholdName: string,
  observationName: string,
): LockoutPolicy | undefined {
  const threshold = entry?.text(thresholdName)
  const observation = readInterval(entry?.text(observationName) ?? '')
  if (threshold === undefined || !/^\d{1,9}$/.test(threshold)) return undefined
  return observation === undefined ? undefined : { threshold: Number(threshold), observation }
}

async function read(
  connection: DirectoryConnection,
  dn: string,
  attributes: readonly string[],
): Promise<DirectoryEntry | undefined> {
  const search = { scope: 'base', filter: anything, attributes, sizeLimit: 1 } as const
  return (await connection.search(dn, search))[0]
}
