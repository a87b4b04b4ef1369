import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Effects } from '../../../effects.ts'
import { looksLikePem, pemBlocks } from '../../../keys/pem.ts'
import type { Logger } from '../../../telemetry/logger.ts'
import { fetchList, ListFault, type ListLocation, nameOf, readBounded } from './fetch-list.ts'
import { isFresh } from './list-status.ts'
import { readRevocationList, type RevocationList } from './revocation-list.ts'

/** Where revocation lists are, and how they are kept fresh. */
export interface ListSettings {
  readonly location: ListLocation
  /** File for the last good copy of what was fetched; undefined keeps none. */
  readonly copy: string | undefined
  readonly refreshSeconds: number
  /** How long before a list goes stale the alarm is raised. */
  readonly alarmSeconds: number
}

/** How one place of lists stands. */
export interface ListHealth {
  readonly name: string
  readonly state: 'fresh' | 'ending' | 'stale' | 'missing'
  /** Milliseconds since the epoch; of the list that ends first. */
  readonly nextUpdate: number | undefined
}

/** The lists of one place, kept fresh. */
export interface ListSource {
  /** Whether it is a file, and not fetched from an address. */
  readonly isFile: boolean
  lists(): readonly RevocationList[]
  health(now: Date): ListHealth
  /** Reads them anew. Rejects with ListFault, KeyFault or DerFault, and keeps what was known. */
  refresh(): Promise<void>
  /** The same, told in the log and never rejecting. */
  attempt(): Promise<void>
  /** Refreshes from time to time until closed. */
  start(): void
  close(): void
}

const mostLists = 32

/**
 * Opens a place of revocation lists. A file that can't be read rejects. What can't be fetched is replaced by the last
 * good copy, or left missing with an alarm: the fail policy then decides, and the broker starts all the same.
 */
export async function openListSource(
  settings: ListSettings,
  effects: Pick<Effects, 'now' | 'sleep' | 'network'>,
  logger: Logger,
): Promise<ListSource> {
  const { location, copy, alarmSeconds } = settings
  const name = nameOf(location)
  const closing = new AbortController()
  let known: readonly RevocationList[] = []

  async function refresh(): Promise<void> {
    const bytes = await fetchList(location, effects.network.dispatcher)
    const lists = await readLists(bytes)
    if (lists.some(isOlderThanKnown))
      throw new ListFault(`${name} gave a list older than the last one`)
    known = lists
    if (copy !== undefined && 'url' in location) await keep(copy, bytes)
  }

  function isOlderThanKnown(list: RevocationList): boolean {
    return known.some(
      ({ issuer, thisUpdate, scope }) =>
        issuer.equals(list.issuer) &&
        list.thisUpdate < thisUpdate &&
        scope.only === list.scope.only,
    )
  }

  function health(now: Date): ListHealth {
    if (known.length === 0) return { name, state: 'missing', nextUpdate: undefined }
    const nextUpdate = Math.min(...known.map((list) => list.nextUpdate))
    const soon = nextUpdate - now.getTime() <= alarmSeconds * 1000
    const fresh = known.every((list) => isFresh(list, now))
    return { name, state: !fresh ? 'stale' : soon ? 'ending' : 'fresh', nextUpdate }
  }

  function raiseAlarm(): void {
    const { state, nextUpdate } = health(effects.now())
    if (state === 'fresh') return
    const until = nextUpdate === undefined ? undefined : new Date(nextUpdate).toISOString()
    logger.error({ list: name, state, until }, 'ALARM: a revocation list needs to be renewed')
  }

  async function attempt(): Promise<void> {
    await refresh().catch((error: unknown) => {
      logger.warn({ err: error, list: name }, 'a revocation list could not be refreshed')
    })
    raiseAlarm()
  }

  async function keepFresh(): Promise<void> {
    while (!closing.signal.aborted) {
      await effects.sleep(settings.refreshSeconds * 1000, closing.signal)
      await attempt()
    }
  }

  if ('file' in location) {
    await refresh()
    raiseAlarm()
  } else {
    if (copy !== undefined)
      known = await readBounded(copy)
        .then(readLists)
        .catch(() => [])
    await attempt()
  }

  return {
    isFile: 'file' in location,
    lists: () => known,
    health,
    refresh,
    attempt,
    start() {
      // Ends by the abort, which is no failure.
      keepFresh().catch((error: unknown) => {
        if (!closing.signal.aborted) {
          logger.error(
            { err: error, list: name },
            'ALARM: a revocation list is no longer refreshed',
          )
        }
      })
    },
    close() {
      closing.abort()
    },
  }
}

/** The lists of a file: PEM with one or more, or one in DER. Rejects with ListFault, KeyFault or DerFault. */
export async function readLists(bytes: Buffer): Promise<readonly RevocationList[]> {
  const ders = looksLikePem(bytes)
    ? pemBlocks(bytes)
        .filter(({ label }) => label === 'X509 CRL')
        .map(({ der }) => der)
    : [bytes]
  if (ders.length === 0 || ders.length > mostLists) {
    throw new ListFault(`there are ${ders.length} revocation lists where 1 to ${mostLists} may be`)
  }
  return Promise.all(ders.map(readRevocationList))
}

/** Replaces the copy in one step, so that a crash leaves the old one or the new one. */
async function keep(file: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, bytes, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
