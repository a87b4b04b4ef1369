import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto'
import * as asn1 from 'asn1js'
import * as pki from 'pkijs'

/** A key pair with its certificate, made for a test. */
export interface Issued {
  readonly privateKey: KeyObject
  readonly certificate: X509Certificate
  readonly certificatePem: string
  readonly keyPem: string
}

export interface CertificateWish {
  readonly keys?: { publicKey: KeyObject; privateKey: KeyObject }
  /** Default: itself. */
  readonly issuer?: Issued
  /** Empty for an empty subject. */
  readonly commonName?: string
  readonly serial?: bigint
  readonly authority?: boolean
  /** The first byte of keyUsage; undefined for none. */
  readonly keyUsage?: number | undefined
  readonly version?: 1 | 3
  readonly from?: Date
  readonly to?: Date
}

export const digitalSignature = 0x80
export const keyCertSign = 0x04

export const keyPairs = {
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  rsa4096: () => generateKeyPairSync('rsa', { modulusLength: 4096 }),
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  mlDsa44: () => generateKeyPairSync('ml-dsa-44'),
  mlDsa65: () => generateKeyPairSync('ml-dsa-65'),
  mlDsa87: () => generateKeyPairSync('ml-dsa-87'),
}

const signatureOids: Readonly<Record<string, string>> = {
  rsa: '1.2.840.113549.1.1.11',
  ec: '1.2.840.10045.4.3.2',
  'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
  'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
  'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
  ed25519: '1.3.101.112',
}

let serials = 1n

/** Issues a certificate; by default a self-signed P-256 leaf that Roles Anywhere would take. */
export function issue(wish: CertificateWish = {}): Issued {
  const keys = wish.keys ?? keyPairs.p256()
  const signer = wish.issuer?.privateKey ?? keys.privateKey
  const certificate = new pki.Certificate()
  serials += 1n
  certificate.version = (wish.version ?? 3) - 1
  certificate.serialNumber = asn1.Integer.fromBigInt(wish.serial ?? serials)
  name(certificate.subject, wish.commonName ?? 'leaf')
  if (wish.issuer) {
    certificate.issuer = pki.Certificate.fromBER(wish.issuer.certificate.raw).subject
  } else {
    name(certificate.issuer, wish.commonName ?? 'leaf')
  }
  certificate.notBefore.value = wish.from ?? new Date('2026-01-01T00:00:00Z')
  certificate.notAfter.value = wish.to ?? new Date('2036-01-01T00:00:00Z')
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' })
  certificate.subjectPublicKeyInfo = pki.PublicKeyInfo.fromBER(publicKey)
  if (wish.version !== 1) certificate.extensions = extensions(wish)
  const algorithmId = signatureOids[signer.asymmetricKeyType ?? ''] ?? ''
  certificate.signature = new pki.AlgorithmIdentifier({ algorithmId })
  certificate.signatureAlgorithm = new pki.AlgorithmIdentifier({ algorithmId })
  const tbs = Buffer.from(certificate.encodeTBS().toBER())
  certificate.tbsView = new Uint8Array(tbs)
  const digest = /^(rsa|ec)$/.test(signer.asymmetricKeyType ?? '') ? 'sha256' : null
  const signature = new Uint8Array(sign(digest, tbs, signer))
  certificate.signatureValue = new asn1.BitString({ valueHex: signature.buffer })
  const made = new X509Certificate(Buffer.from(certificate.toSchema(true).toBER()))
  return {
    privateKey: keys.privateKey,
    certificate: made,
    certificatePem: made.toString(),
    keyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** A root, an intermediate below it, and a leaf below that. */
export function issuePath(leaf: CertificateWish = {}): {
  root: Issued
  intermediate: Issued
  leaf: Issued
} {
  const root = issue({ commonName: 'root', authority: true, keyUsage: keyCertSign })
  const intermediate = issue({
    commonName: 'intermediate',
    authority: true,
    keyUsage: keyCertSign,
    issuer: root,
  })
  return { root, intermediate, leaf: issue({ ...leaf, issuer: intermediate }) }
}

function name(target: pki.RelativeDistinguishedNames, commonName: string): void {
  if (commonName === '') return
  const value = new asn1.Utf8String({ value: commonName })
  target.typesAndValues.push(new pki.AttributeTypeAndValue({ type: '2.5.4.3', value }))
}

function extensions(wish: CertificateWish): pki.Extension[] {
  const constraints = new pki.BasicConstraints({ cA: wish.authority ?? false })
  const usage = 'keyUsage' in wish ? wish.keyUsage : digitalSignature
  const made = [extension('2.5.29.19', constraints.toSchema())]
  if (usage === undefined) return made
  const bits = new asn1.BitString({ valueHex: new Uint8Array([usage]).buffer, unusedBits: 0 })
  return [...made, extension('2.5.29.15', bits)]
}

function extension(extnID: string, value: asn1.BaseBlock): pki.Extension {
  return new pki.Extension({ extnID, critical: true, extnValue: value.toBER() })
}
