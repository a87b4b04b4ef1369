import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Effects } from '../../effects.ts'
import type { Logger } from '../../telemetry/logger.ts'
import { fetchMetadata } from './fetch-metadata.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { MetadataFault } from './metadata-fault.ts'
import { readMetadata } from './metadata-reader.ts'

/** Where the metadata of a provider is, and how it is read. */
export interface MetadataSettings {
  readonly location: { readonly file: string } | { readonly url: string }
  readonly entityId: string | undefined
  readonly signedBy: readonly string[]
  /** SHA-256 fingerprints of the signing certificates to trust; all where left out or empty. */
  readonly fingerprints?: readonly string[]
  /** File for the last good copy of what was fetched; undefined keeps none. */
  readonly copy: string | undefined
  readonly refreshSeconds: number
  readonly allowPrivateAddresses: boolean
}

/** The metadata of one provider, kept fresh. */
export interface MetadataSource {
  /** What is known now. Throws MetadataFault when nothing is, or when what is known is no longer valid. */
  readonly current: () => IdentityProvider
  /** Why nothing was ever known; undefined once something was. */
  readonly fault: () => string | undefined
  /** Reads it anew, or else the last good copy where nothing is known yet. Rejects with MetadataFault where neither serves. */
  load(): Promise<void>
  /** Reads it anew. Rejects with MetadataFault, and keeps what was known. */
  refresh(): Promise<void>
  /** Refreshes from time to time until closed; sooner while nothing is known. */
  start(): void
  close(): void
}

const timeout = 10_000
const maxBytes = 4 * 1024 * 1024
const retrySeconds = 30

/** Opens the source and reads it once. Rejects with MetadataFault when neither the place nor the last good copy serves. */
export async function openMetadataSource(
  settings: MetadataSettings,
  effects: Pick<Effects, 'now' | 'sleep' | 'network'>,
  logger: Logger,
): Promise<MetadataSource> {
  const source = createMetadataSource(settings, effects, logger)
  await source.load()
  return source
}

/** A source that has read nothing yet. */
export function createMetadataSource(
  settings: MetadataSettings,
  effects: Pick<Effects, 'now' | 'sleep' | 'network'>,
  logger: Logger,
): MetadataSource {
  const { location, entityId, signedBy, fingerprints = [], copy } = settings
  const closing = new AbortController()
  let known: { provider: IdentityProvider; text: string } | undefined
  let fault = 'The metadata of the identity provider was not read yet.'

  function learn(text: string): boolean {
    // The same object while nothing changed, so that nothing is set up anew.
    if (known?.text === text) return false
    const reading = { entityId, signedBy, fingerprints, now: effects.now() }
    known = { provider: readMetadata(text, reading), text }
    return true
  }

  async function refresh(): Promise<void> {
    try {
      const text = 'file' in location ? await readLimited(location.file) : await fetched(location)
      if (learn(text) && 'url' in location && copy !== undefined) await keep(copy, text)
    } catch (error) {
      if (error instanceof Error) fault = error.message
      throw error
    }
  }

  async function fetched({ url }: { readonly url: string }): Promise<string> {
    const { allowPrivateAddresses } = settings
    const { dispatcher } = effects.network
    return fetchMetadata({ url, dispatcher, timeout, maxBytes, allowPrivateAddresses })
  }

  async function load(): Promise<void> {
    try {
      await refresh()
    } catch (error) {
      const last = copy === undefined ? undefined : await readLimited(copy).catch(() => undefined)
      if (known || last === undefined) throw error
      learn(last)
      logger.warn({ err: error }, 'the SAML metadata could not be read; the last good copy serves')
    }
  }

  async function keepFresh(): Promise<void> {
    while (!closing.signal.aborted) {
      const seconds = known ? settings.refreshSeconds : retrySeconds
      await effects.sleep(seconds * 1000, closing.signal)
      await refresh().catch((error: unknown) => {
        const serves = known ? 'the last good one serves' : 'nobody can sign in by it'
        logger.warn({ err: error }, `the SAML metadata could not be refreshed; ${serves}`)
      })
    }
  }

  return {
    current() {
      if (!known) throw new MetadataFault(fault)
      const end = known.provider.validUntil
      if (end !== undefined && end <= effects.now().getTime())
        throw new MetadataFault('The metadata of the identity provider is no longer valid.')
      return known.provider
    },
    fault: () => (known ? undefined : fault),
    load,
    refresh,
    start() {
      // Ends by the abort, which is no failure.
      keepFresh().catch((error: unknown) => {
        if (!closing.signal.aborted)
          logger.error({ err: error }, 'the SAML metadata is no longer refreshed')
      })
    },
    close() {
      closing.abort()
    },
  }
}

async function readLimited(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > maxBytes) throw new MetadataFault(`${file} is too large.`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    if (error instanceof MetadataFault) throw error
    throw new MetadataFault(`The metadata file ${file} can not be read.`, { cause: error })
  }
}

/** Replaces the copy in one step, so that a crash leaves the old one or the new one. */
async function keep(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
