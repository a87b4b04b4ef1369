import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type Dispatcher, interceptors, request } from 'undici'
import { MetadataFault } from './metadata-fault.ts'
import { isPrivateAddress } from './private-address.ts'

/** How metadata is fetched. */
export interface MetadataFetch {
  readonly url: string
  readonly dispatcher: Dispatcher
  /** Milliseconds for everything. */
  readonly timeout: number
  readonly maxBytes: number
  readonly allowPrivateAddresses: boolean
  readonly resolve?: ((host: string) => Promise<readonly string[]>) | undefined
}

/**
 * Fetches metadata: by https only (http on loopback, where private addresses are allowed), without following redirects,
 * within limits of time and size, and never from a private address unless that is allowed, because an address in a
 * configuration must not become a way into the network. Rejects with MetadataFault.
 */
export async function fetchMetadata(fetch: MetadataFetch): Promise<string> {
  const url = checkUrl(fetch.url)
  const dispatcher = fetch.allowPrivateAddresses
    ? fetch.dispatcher
    : pinned(fetch.dispatcher, await publicAddresses(url, fetch.resolve ?? resolveHost))
  try {
    const { statusCode, body } = await request(url, {
      dispatcher,
      headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
      signal: AbortSignal.timeout(fetch.timeout),
    })
    if (statusCode !== 200) {
      await body.dump({ limit: 16_384 })
      const moved = statusCode >= 300 && statusCode < 400
      throw new MetadataFault(
        `${url.host} answered ${String(statusCode)}. ${moved ? 'Postern follows no redirects: configure the new address.' : 'Check the address of the metadata.'}`,
      )
    }
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of body) {
      const bytes = piece instanceof Uint8Array ? Buffer.from(piece) : Buffer.alloc(0)
      size += bytes.length
      if (size > fetch.maxBytes) {
        throw new MetadataFault(
          `The metadata of ${url.host} is larger than ${String(fetch.maxBytes)} bytes. Ask for the metadata of one provider.`,
        )
      }
      pieces.push(bytes)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch (error) {
    if (error instanceof MetadataFault) throw error
    throw new MetadataFault(`The metadata of ${url.host} could not be fetched.`, { cause: error })
  }
}

function checkUrl(address: string): URL {
  const url = URL.parse(address)
  if (!url) throw new MetadataFault('The address of the metadata is no URL.')
  if (url.username !== '' || url.password !== '')
    throw new MetadataFault('The address of the metadata must hold no user name.')
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw new MetadataFault(`The address of the metadata must be https: ${address}`)
  return url
}

async function publicAddresses(
  url: URL,
  resolve: (host: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const addresses = await resolve(url.hostname)
  if (addresses.length === 0 || addresses.some(isPrivateAddress))
    throw new MetadataFault(
      `${url.host} is a private address. Allow private addresses for this method if the provider is in your network, or is reached by a proxy that looks names up itself.`,
    )
  return addresses
}

/** Connects to the addresses that were checked, so that the name can't mean others a moment later. */
function pinned(dispatcher: Dispatcher, addresses: readonly string[]): Dispatcher {
  const records = addresses.map((address) => ({
    address,
    ttl: 60_000,
    family: isIP(address) === 6 ? (6 as const) : (4 as const),
  }))
  return dispatcher.compose(
    interceptors.dns({
      lookup: (_origin, _options, callback) => {
        callback(null, records)
      },
    }),
  )
}

async function resolveHost(host: string): Promise<readonly string[]> {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare)) return [bare]
  try {
    return (await lookup(bare, { all: true })).map(({ address }) => address)
  } catch (cause) {
    throw new MetadataFault(`${host} has no address in the DNS.`, { cause })
  }
}
