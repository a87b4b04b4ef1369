import { generateKeyPairSync, type KeyObject, sign, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BitString, Integer, Utf8String } from 'asn1js'
import { AlgorithmIdentifier, AttributeTypeAndValue, Certificate, PublicKeyInfo } from 'pkijs'

/** The identity provider's key, PEM. */
export interface SigningKey {
  readonly privateKey: string
  readonly certificate: string
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'
const COMMON_NAME = '2.5.4.3'
const YEARS = 10

/** The key kept in a folder, made at the first start, so that what knows its certificate knows it after a restart. */
export function keptSigningKey(folder: string, now: Date): SigningKey {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'saml-idp.pem')
  if (!existsSync(file)) {
    const made = makeSigningKey(now)
    writeFileSync(file, made.privateKey + made.certificate, { flag: 'wx', mode: 0o600 })
  }
  const text = readFileSync(file, 'utf8')
  const [privateKey, certificate] = ['PRIVATE KEY', 'CERTIFICATE'].map(
    (label) => new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----\\n`).exec(text)?.[0],
  )
  if (privateKey === undefined || certificate === undefined) {
    throw new Error(`${file} should hold a private key and a certificate; remove it`)
  }
  return { privateKey, certificate }
}

/** An RSA key with a certificate that it signed itself. */
export function makeSigningKey(now: Date): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: selfSigned(privateKey, publicKey, now),
  }
}

function selfSigned(privateKey: KeyObject, publicKey: KeyObject, now: Date): string {
  const certificate = new Certificate()
  certificate.version = 2
  // The first bit stays clear, as a serial number is no negative number.
  const serial = Buffer.concat([Buffer.from([0x40]), randomBytes(15)])
  certificate.serialNumber = new Integer({ valueHex: Uint8Array.from(serial).buffer })
  for (const name of [certificate.issuer, certificate.subject]) {
    const value = new Utf8String({ value: 'Postern sandbox identity provider (not real)' })
    name.typesAndValues.push(new AttributeTypeAndValue({ type: COMMON_NAME, value }))
  }
  certificate.notBefore.value = new Date(now.getTime() - 86_400_000)
  certificate.notAfter.value = new Date(now.getTime() + YEARS * 365 * 86_400_000)
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const algorithm = { algorithmId: SHA256_WITH_RSA }
  certificate.signature = new AlgorithmIdentifier(algorithm)
  certificate.signatureAlgorithm = new AlgorithmIdentifier(algorithm)
  const body = certificate.encodeTBS().toBER()
  certificate.tbsView = new Uint8Array(body)
  const signature = sign('sha256', Buffer.from(body), privateKey)
  certificate.signatureValue = new BitString({ valueHex: Uint8Array.from(signature).buffer })
  const base64 = Buffer.from(certificate.toSchema(true).toBER()).toString('base64')
  const lines = base64.replace(/.{64}(?=.)/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`
}
