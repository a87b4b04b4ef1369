import { type BigIntStats, statSync } from 'node:fs'
import { isElsewhere, type KeySettings, standardInput } from '../settings/key-settings.ts'
import type { SessionSettings } from '../settings/session-settings.ts'

/** What an entry of the cache is found by. */
export interface CacheKey {
  /** A file name's stem, the same for each renewal of the certificate. */
  readonly stem: string
  /** Everything that shapes the request; an entry with another text is another request's. */
  readonly text: string
}

/**
 * The key of a request. Passwords and PINs open a key and don't shape what is asked for, so they are left out and never
 * reach the disk. Undefined for a certificate from standard input, whose content no later call could vouch for unread.
 */
export function cacheKey(settings: SessionSettings, keys: KeySettings): CacheKey | undefined {
  if (keys.certificate === standardInput) return undefined
  const { certificate, privateKey, intermediates, certSelector } = keys
  const source = [
    withoutPin(certificate),
    withoutPin(privateKey),
    intermediates,
    certSelector,
    keys.systemStoreName,
    keys.useLatest,
    keys.pkcs11Library,
  ]
  const { request, endpoint, route } = settings
  const asked = [
    1,
    request.trustAnchorArn,
    request.profileArn,
    request.roleArn,
    request.durationSeconds,
    request.roleSessionName,
    endpoint.region,
    endpoint.endpoint,
    endpoint.fips === true,
    endpoint.dualStack === true,
    route.verify,
    route.caBundle,
    route.caFolders,
    source,
  ]
  const stem = JSON.stringify(asked)
  const files = [file(certificate) ?? selectorFile(certSelector), file(privateKey), intermediates]
  const versions = files.map((path) => (path === undefined ? '' : fileVersion(path))).join(' ')
  return { stem: fnv1a(stem), text: `${stem} ${versions}` }
}

function file(text: string | undefined): string | undefined {
  return text === undefined || isElsewhere(text) ? undefined : text
}

function selectorFile(selector: string | undefined): string | undefined {
  return selector?.startsWith('file://') ? selector.slice('file://'.length) : undefined
}

/** The version of a file that is not there. */
export const gone = 'gone'

/** What changes when the file does. */
export function fileVersion(path: string): string {
  // Synchronous, because the promises of node:fs cost as much to load as all the rest of a cached call.
  const stats: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!stats) return gone
  const { dev, ino, size, mtimeNs, ctimeNs } = stats
  return [dev, ino, size, mtimeNs, ctimeNs].join(':')
}

function withoutPin(text: string | undefined): string | undefined {
  return text && /^pkcs11:/i.test(text) ? text.replace(/([?&]pin-value=)[^&]*/i, '$1') : text
}

/** Only for file names: what an entry is for is compared in full. A real hash would cost every cached call a tenth. */
export function fnv1a(text: string): string {
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (let index = 0; index < text.length; index += 1) {
    low = Math.imul(low ^ text.charCodeAt(index), 0x01000193)
    high = Math.imul(high ^ (low >>> 16) ^ index, 0x01000193)
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
