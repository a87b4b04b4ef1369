import { open } from 'node:fs/promises'
import { type Dispatcher, request } from 'undici'

/** Where a revocation list is. Comes from the configuration alone: an address inside a certificate is the attacker's to choose. */
export type ListLocation = { readonly file: string } | { readonly url: string }

/** A list that can't be fetched or read; the message says why, for the log. */
export class ListFault extends Error {}

const mostBytes = 64 * 1024 * 1024
const timeout = 30_000

/**
 * The bytes of a list: a file, or by https (http on loopback), without following redirects, within limits of time and
 * size. Rejects with ListFault.
 */
export async function fetchList(location: ListLocation, dispatcher: Dispatcher): Promise<Buffer> {
  try {
    return 'file' in location
      ? await readBounded(location.file)
      : await download(checkUrl(location.url), dispatcher)
  } catch (error) {
    if (error instanceof ListFault) throw error
    throw new ListFault(`the revocation list ${nameOf(location)} can not be had`, { cause: error })
  }
}

export function nameOf(location: ListLocation): string {
  return 'file' in location ? location.file : location.url
}

/** Reads a file of bounded size. Rejects with ListFault or the system's error. */
export async function readBounded(file: string): Promise<Buffer> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  if (size > mostBytes) throw new ListFault(`${file} is larger than ${mostBytes} bytes`)
  return await handle.readFile()
}

async function download(url: URL, dispatcher: Dispatcher): Promise<Buffer> {
  const { statusCode, body } = await request(url, {
    dispatcher,
    headers: { accept: 'application/pkix-crl' },
    signal: AbortSignal.timeout(timeout),
  })
  if (statusCode !== 200) {
    await body.dump({ limit: 16_384 })
    throw new ListFault(`${url.host} answered ${statusCode}; redirects are not followed`)
  }
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body) {
    const bytes = piece instanceof Uint8Array ? Buffer.from(piece) : Buffer.alloc(0)
    size += bytes.length
    if (size > mostBytes)
      throw new ListFault(`the list of ${url.host} is larger than ${mostBytes} bytes`)
    pieces.push(bytes)
  }
  return Buffer.concat(pieces)
}

function checkUrl(address: string): URL {
  const url = URL.parse(address)
  if (!url) throw new ListFault('the address of a revocation list is no URL')
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new ListFault(`the address of a revocation list must be https: ${url.host}`)
  }
  return url
}
