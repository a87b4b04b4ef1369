import { setImmediate } from 'node:timers/promises'
import { contextTag, DerFault, DerReader, onlyElement, tags } from '../der/der-reader.ts'
import { isTime, readObjectIdentifier, readSerial, readTime } from '../der/der-values.ts'
import { type Extension, readExtensions } from '../parsed-certificate.ts'
import { type IssuingPoint, readIssuingPoint } from './issuing-point.ts'

/** A revocation list (RFC 5280 §5.1), read and not yet believed. Times in milliseconds since the epoch. */
export interface RevocationList {
  /** DER of the name. */
  readonly issuer: Buffer
  readonly thisUpdate: number
  readonly nextUpdate: number
  /** Serial numbers as in ParsedCertificate. */
  readonly revoked: ReadonlySet<string>
  /** Which certificates it speaks of. */
  readonly scope: IssuingPoint
  readonly signed: Buffer
  readonly signatureAlgorithm: Buffer
  readonly signature: Buffer
}

const ids = {
  deltaIndicator: '2.5.29.27',
  issuingPoint: '2.5.29.28',
  /** Of an entry: harmless even where critical. */
  reason: '2.5.29.21',
  invalidityDate: '2.5.29.24',
} as const

const entriesAtOnce = 2_000

/**
 * Reads a complete list. Lets others go on in between, since lists may hold a hundred thousand entries. Rejects with
 * DerFault, also for what it can't judge: delta and indirect lists, and critical extensions that it doesn't know.
 */
export async function readRevocationList(der: Buffer): Promise<RevocationList> {
  const outer = new DerReader(onlyElement(der, tags.sequence).content)
  const signed = outer.take(tags.sequence)
  const signatureAlgorithm = outer.take(tags.sequence).whole
  const bits = outer.take(tags.bitString).content
  outer.end()
  if (bits[0] !== 0) throw new DerFault('not a signature')

  const inner = new DerReader(signed.content)
  inner.takeIf(tags.integer)
  if (!inner.take(tags.sequence).whole.equals(signatureAlgorithm)) {
    throw new DerFault('two signature algorithms')
  }
  const issuer = inner.take(tags.sequence).whole
  const thisUpdate = readTime(inner.next())
  if (!isTime(inner.tag)) throw new DerFault('the list does not say when the next one comes')
  const nextUpdate = readTime(inner.next())
  const entries = inner.takeIf(tags.sequence)
  const wrapped = inner.takeIf(contextTag(0, 'constructed'))
  inner.end()
  return {
    issuer,
    thisUpdate,
    nextUpdate,
    scope: readScope(wrapped && readExtensions(wrapped.content)),
    revoked: entries ? await readEntries(new DerReader(entries.content)) : new Set(),
    signed: signed.whole,
    signatureAlgorithm,
    signature: bits.subarray(1),
  }
}

function readScope(extensions: ReadonlyMap<string, Extension> = new Map()): IssuingPoint {
  for (const [id, { critical }] of extensions) {
    if (id === ids.deltaIndicator) throw new DerFault('a delta list; the complete one is needed')
    if (critical && id !== ids.issuingPoint) throw new DerFault(`the critical extension ${id}`)
  }
  const point = extensions.get(ids.issuingPoint)
  return point ? readIssuingPoint(point.value) : { only: undefined, uris: undefined }
}

async function readEntries(reader: DerReader): Promise<ReadonlySet<string>> {
  const revoked = new Set<string>()
  for (let read = 1; !reader.atEnd; read += 1) {
    const entry = reader.enter(tags.sequence)
    revoked.add(readSerial(entry.take(tags.integer)))
    readTime(entry.next())
    const extensions = entry.takeIf(tags.sequence)
    entry.end()
    if (extensions) checkEntryExtensions(extensions.content)
    if (read % entriesAtOnce === 0) await setImmediate()
  }
  return revoked
}

/** An entry may say in a critical extension that it is about another issuer's certificate (RFC 5280 §5.3.3). */
function checkEntryExtensions(content: Buffer): void {
  const extensions = new DerReader(content)
  while (!extensions.atEnd) {
    const extension = extensions.enter(tags.sequence)
    const id = readObjectIdentifier(extension.take(tags.objectIdentifier))
    const critical = extension.takeIf(tags.boolean) !== undefined
    if (critical && id !== ids.reason && id !== ids.invalidityDate) {
      throw new DerFault(`the critical extension ${id} of an entry`)
    }
  }
}
