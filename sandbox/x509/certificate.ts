import { X509Certificate } from 'node:crypto'
import { type AltName, type BasicConstraints, Certificate as Asn1, type GeneralName } from 'pkijs'
import { type NameAttribute, nameKey, readName } from './names.ts'
import { isStrong } from './signature-algorithm.ts'

/** A certificate, with what Node's own reader leaves out. */
export interface Certificate {
  readonly x509: X509Certificate
  /** 1 to 3. */
  readonly version: number
  readonly serial: bigint
  readonly subject: readonly NameAttribute[]
  readonly issuer: readonly NameAttribute[]
  readonly subjectKey: string
  readonly issuerKey: string
  readonly alternativeNames: AlternativeNames
  /** Undefined without the extension. */
  readonly keyUsage: KeyUsage | undefined
  readonly isCa: boolean
  /** How many certificates of CAs may follow, undefined for any number. */
  readonly pathLength: number | undefined
  readonly strongSignature: boolean
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
  /** Of critical extensions that nobody here understands. */
  readonly unknownCritical: readonly string[]
}

interface AlternativeNames {
  readonly dns: readonly string[]
  readonly uris: readonly string[]
  readonly directoryNames: readonly (readonly NameAttribute[])[]
}

interface KeyUsage {
  readonly digitalSignature: boolean
  readonly keyCertSign: boolean
}

const KEY_USAGE = '2.5.29.15'
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
const BASIC_CONSTRAINTS = '2.5.29.19'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const KNOWN = [KEY_USAGE, SUBJECT_ALTERNATIVE_NAME, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE]
const [URI, DNS, DIRECTORY_NAME] = [6, 2, 4]

/** Reads DER or PEM. Throws an Error for what is no certificate. */
export function readCertificate(bytes: Buffer | string): Certificate {
  const x509 = new X509Certificate(bytes)
  const asn1 = Asn1.fromBER(x509.raw)
  const extension = (id: string): unknown =>
    asn1.extensions?.find(({ extnID }) => extnID === id)?.parsedValue
  const constraints = extension(BASIC_CONSTRAINTS) as BasicConstraints | undefined
  const length = constraints?.pathLenConstraint
  return {
    x509,
    version: asn1.version + 1,
    serial: BigInt(`0x${x509.serialNumber}`),
    subject: readName(asn1.subject),
    issuer: readName(asn1.issuer),
    subjectKey: nameKey(asn1.subject),
    issuerKey: nameKey(asn1.issuer),
    alternativeNames: readAlternativeNames(
      extension(SUBJECT_ALTERNATIVE_NAME) as AltName | undefined,
    ),
    keyUsage: readKeyUsage(extension(KEY_USAGE)),
    isCa: constraints?.cA === true,
    pathLength: typeof length === 'number' ? length : undefined,
    strongSignature: isStrong(asn1.signatureAlgorithm),
    notBefore: asn1.notBefore.value.getTime(),
    notAfter: asn1.notAfter.value.getTime(),
    unknownCritical: (asn1.extensions ?? [])
      .filter(({ critical, extnID }) => critical && !KNOWN.includes(extnID))
      .map(({ extnID }) => extnID),
  }
}

/** Reads every certificate of a PEM text. */
export function readPemCertificates(pem: string): Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map(readCertificate)
}

/** The bits of RFC 5280 §4.2.1.3, from the left. */
function readKeyUsage(value: unknown): KeyUsage | undefined {
  if (value === undefined) return undefined
  const bits =
    (value as { valueBlock: { valueHexView: Uint8Array } }).valueBlock.valueHexView[0] ?? 0
  return { digitalSignature: (bits & 0x80) !== 0, keyCertSign: (bits & 0x04) !== 0 }
}

function readAlternativeNames(extension: AltName | undefined): AlternativeNames {
  const names = extension?.altNames ?? []
  const of = (type: number): GeneralName[] => names.filter((name) => name.type === type)
  return {
    dns: of(DNS).map(({ value }) => String(value)),
    uris: of(URI).map(({ value }) => String(value)),
    directoryNames: of(DIRECTORY_NAME).map(({ value }) =>
      readName(value as Parameters<typeof readName>[0]),
    ),
  }
}
