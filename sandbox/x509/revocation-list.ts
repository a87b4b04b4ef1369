import { verify } from 'node:crypto'
import { BitString, fromBER, GeneralizedTime, Integer, Sequence, UTCTime } from 'asn1js'
import { AlgorithmIdentifier, RelativeDistinguishedNames } from 'pkijs'
import type { Certificate } from './certificate.ts'
import { nameKey } from './names.ts'
import { digestOf } from './signature-algorithm.ts'

/** A certificate revocation list that was imported. */
export interface RevocationList {
  /** Whether `issuer` made this list, by name and signature. */
  madeBy(issuer: Certificate): boolean
  revokes(serial: bigint): boolean
}

/** Reads every list of a PEM text. Throws an Error for one that can't be read or verified. */
export function readRevocationLists(pem: string): RevocationList[] {
  const blocks = pem.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? []
  return blocks.map((block) => read(Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64')))
}

/** RFC 5280 §5.1, by hand: pkijs refuses entries with an empty list of extensions, which some writers make. */
function read(der: Buffer): RevocationList {
  const [body, algorithm, signature] = items(fromBER(der).result)
  const fields = items(body).filter((item) => !isHead(item))
  const [own, issuer, revoked] = fields
  if (!(signature instanceof BitString) || body === undefined || own === undefined)
    throw unreadable()
  const digest = digestOf(new AlgorithmIdentifier({ schema: algorithm }))
  const issuerKey = nameKey(new RelativeDistinguishedNames({ schema: issuer }))
  const serials = new Set(revoked instanceof Sequence ? items(revoked).map(serialOf) : [])
  const bytes = Buffer.from(signature.valueBlock.valueHexView)
  return {
    madeBy: ({ subjectKey, x509 }) =>
      subjectKey === issuerKey && verify(digest, body.valueBeforeDecodeView, x509.publicKey, bytes),
    revokes: (serial) => serials.has(serial),
  }
}

type Item = ReturnType<typeof fromBER>['result']

/** Version and times, which don't matter here: a list that has grown stale still names what was revoked. */
function isHead(item: Item): boolean {
  return item instanceof Integer || item instanceof UTCTime || item instanceof GeneralizedTime
}

function items(item: Item | undefined): Item[] {
  if (!(item instanceof Sequence)) throw unreadable()
  return item.valueBlock.value
}

function serialOf(entry: Item): bigint {
  const [serial] = items(entry)
  if (!(serial instanceof Integer)) throw unreadable()
  return BigInt(`0x${Buffer.from(serial.valueBlock.valueHexView).toString('hex')}`)
}

function unreadable(): Error {
  return new Error('a certificate revocation list can not be read')
}
