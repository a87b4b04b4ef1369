import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto'

/** Certificates and revocation lists in DER written by hand: the sandbox's own reader has no part in them. */
export interface Holder {
  readonly certificate: X509Certificate
  readonly pem: string
  readonly key: KeyObject
  readonly subject: readonly Attribute[]
}

type Attribute = readonly [oid: keyof typeof OIDS, value: string]

export interface Wish {
  readonly key?: KeyObject
  readonly issuer?: Holder
  readonly subject?: readonly Attribute[]
  readonly serial?: bigint
  readonly from?: Date
  readonly to?: Date
  readonly ca?: boolean | undefined
  readonly pathLength?: number
  /** Bits from the left; undefined leaves the extension out. */
  readonly usage?: number | undefined
  readonly dns?: readonly string[]
  readonly uris?: readonly string[]
  readonly directoryNames?: readonly (readonly Attribute[])[]
  readonly digest?: 'sha256' | 'sha384' | 'sha1'
  readonly version?: 1 | 3
  readonly unknownCritical?: boolean
}

const DIGITAL_SIGNATURE = 0x80
const CERT_SIGN = 0x06

const OIDS = {
  CN: '0603550403',
  OU: '060355040b',
  O: '060355040a',
  C: '0603550406',
  DC: '060a0992268993f22c640119',
} as const

const SIGNATURES: Readonly<Record<string, string>> = {
  'rsa sha256': '06092a864886f70d01010b0500',
  'rsa sha1': '06092a864886f70d0101050500',
  'rsa sha384': '06092a864886f70d01010c0500',
  'ec sha256': '06082a8648ce3d040302',
  'ec sha1': '06072a8648ce3d0401',
  'ec sha384': '06082a8648ce3d040303',
  'ml-dsa-44': '0609608648016503040311',
  'ml-dsa-65': '0609608648016503040312',
  'ml-dsa-87': '0609608648016503040313',
}

let serials = 4096n

/** A certificate; without wishes one that may sign requests, issued by itself. */
export function certify(wish: Wish = {}): Holder {
  const key = wish.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const { subject = [['CN', 'workload']], issuer, version = 3 } = wish
  const signer = issuer?.key ?? key
  const algorithm = signatureAlgorithm(signer, wish.digest)
  const body = sequence(
    ...(version === 3 ? [der(0xa0, integer(2n))] : []),
    integer(wish.serial ?? (serials += 1n)),
    algorithm.identifier,
    name(issuer?.subject ?? subject),
    sequence(
      time(wish.from ?? new Date('2026-01-01T00:00:00Z')),
      time(wish.to ?? new Date('2036-01-01T00:00:00Z')),
    ),
    name(subject),
    publicKey(key),
    ...(version === 3 ? [der(0xa3, sequence(...extensions(wish, key, signer)))] : []),
  )
  const certificate = new X509Certificate(signed(body, algorithm, signer))
  return { certificate, pem: certificate.toString(), key, subject }
}

/** A certificate that may issue others. */
export function authority(cn: string, wish: Wish = {}): Holder {
  return certify({ subject: [['CN', cn]], ca: true, usage: CERT_SIGN, ...wish })
}

/** The PEM of a revocation list. */
export function revoke(
  issuer: Holder,
  serials: readonly bigint[],
  by: KeyObject = issuer.key,
): string {
  const algorithm = signatureAlgorithm(by)
  const now = time(new Date('2026-11-01T00:00:00Z'))
  const entries = serials.map((serial) => sequence(integer(serial), now))
  const body = sequence(
    integer(1n),
    algorithm.identifier,
    name(issuer.subject),
    now,
    ...(entries.length > 0 ? [sequence(...entries)] : []),
  )
  const base64 = signed(body, algorithm, by).toString('base64')
  return `-----BEGIN X509 CRL-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END X509 CRL-----\n`
}

function extensions(wish: Wish, key: KeyObject, signer: KeyObject): Buffer[] {
  const { usage = DIGITAL_SIGNATURE, dns = [], uris = [], directoryNames = [] } = wish
  const list = [
    extension('0603551d0e', false, der(0x04, keyId(key))),
    extension('0603551d23', false, sequence(der(0x80, keyId(signer)))),
  ]
  if ('ca' in wish ? wish.ca !== undefined : true) {
    const depth = wish.pathLength === undefined ? [] : [integer(BigInt(wish.pathLength))]
    const flag = wish.ca === true ? [der(0x01, Buffer.from([0xff]))] : []
    list.push(extension('0603551d13', true, sequence(...flag, ...depth)))
  }
  if (!('usage' in wish) || wish.usage !== undefined) {
    list.push(extension('0603551d0f', true, der(0x03, Buffer.from([0, usage]))))
  }
  const names = [
    ...dns.map((text) => der(0x82, Buffer.from(text))),
    ...uris.map((text) => der(0x86, Buffer.from(text))),
    ...directoryNames.map((attributes) => der(0xa4, name(attributes))),
  ]
  if (names.length > 0) list.push(extension('0603551d11', false, sequence(...names)))
  if (wish.unknownCritical === true) list.push(extension('06032a0304', true, integer(1n)))
  return list
}

function extension(oid: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : []
  return sequence(Buffer.from(oid, 'hex'), ...flag, der(0x04, value))
}

function name(attributes: readonly Attribute[]): Buffer {
  return sequence(
    ...attributes.map(([oid, value]) =>
      der(0x31, sequence(Buffer.from(OIDS[oid], 'hex'), der(0x0c, Buffer.from(value)))),
    ),
  )
}

interface SignatureAlgorithm {
  readonly identifier: Buffer
  readonly digest: string | undefined
}

function signatureAlgorithm(key: KeyObject, digest = 'sha256'): SignatureAlgorithm {
  const type = key.asymmetricKeyType ?? ''
  const hashed = type === 'rsa' || type === 'ec'
  const hex = SIGNATURES[hashed ? `${type} ${digest}` : type]
  if (hex === undefined) throw new Error(`no signature algorithm for ${type} with ${digest}`)
  return { identifier: sequence(Buffer.from(hex, 'hex')), digest: hashed ? digest : undefined }
}

function signed(body: Buffer, { identifier, digest }: SignatureAlgorithm, key: KeyObject): Buffer {
  const signature = sign(digest, body, key)
  return sequence(body, identifier, der(0x03, Buffer.from([0]), signature))
}

function publicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' })
}

function keyId(key: KeyObject): Buffer {
  return createHash('sha1').update(publicKey(key)).digest()
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  const even = hex.padStart(hex.length + (hex.length % 2), '0')
  const bytes = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex')
  return der(0x02, bytes)
}

function time(date: Date): Buffer {
  return der(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')))
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts)
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const hex = body.length.toString(16)
  const size = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, body])
}
