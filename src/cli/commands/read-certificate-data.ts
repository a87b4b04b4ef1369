import type { X509Certificate } from 'node:crypto'
import { readCertificates, serialDecimal } from '../../keys/certificate.ts'
import { certificateUri } from '../../keys/pkcs11-certificates.ts'
import { looksLikePkcs12 } from '../../keys/looks-like-pkcs12.ts'
import { signerFrom } from '../../keys/key-material.ts'
import { listing, nameText } from '../certificate-text.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { askPin } from '../keys/ask-pin.ts'
import { importOptional } from '../keys/import-optional.ts'
import { Passphrase } from '../keys/passphrase.ts'
import { readBytes } from '../keys/read-bytes.ts'
import { type KeySettings, keySettings, standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'
import { withProgress } from '../terminal/progress.ts'

/** Shows a certificate file as JSON, or what a token or a store has. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const keys = keySettings(flags, surroundings)
  const found = await withProgress('Looking for certificates', surroundings, (inner) =>
    certificates(keys, inner),
  )
  const [only] = found
  if (flags.isOn('json')) {
    printJson({ certificates: found.map(describedInFull) }, surroundings)
  } else if (only && isFile(keys.certificate)) {
    surroundings.stdout(JSON.stringify(dataOf(only.certificate)))
  } else {
    surroundings.stdout(listed(found))
  }
  return 0
}

async function certificates(
  keys: KeySettings,
  surroundings: Surroundings,
): Promise<readonly Listed[]> {
  const { certificate } = keys
  if (certificate === undefined) {
    const { storeCertificates } = await import('../stores/open-store-signer.ts')
    const { found } = await storeCertificates(keys, surroundings)
    return found.map((one) => ({ certificate: one }))
  }
  if (isFile(certificate)) {
    return [{ certificate: await fromFile(keys, certificate, surroundings) }]
  }
  const { listPkcs11Certificates } = await import('../../keys/pkcs11.ts')
  const found = await listPkcs11Certificates(certificate, {
    library: keys.pkcs11Library,
    askPin: askPin(surroundings),
    importModule: importOptional,
  })
  return found.map((one) => ({ certificate: one.certificate, uri: certificateUri(one) }))
}

function isFile(certificate: string | undefined): boolean {
  return certificate !== undefined && !/^pkcs11:/i.test(certificate)
}

async function fromFile(
  keys: KeySettings,
  path: string,
  surroundings: Surroundings,
): Promise<X509Certificate> {
  const bytes =
    path === standardInput ? surroundings.readStdin() : ((await readBytes(path)) ?? Buffer.alloc(0))
  if (!looksLikePkcs12(bytes)) return readCertificates(bytes)[0]
  const passphrase = new Passphrase(keys, surroundings)
  const signer = await passphrase.opening(() =>
    signerFrom({ certificate: bytes }, () => passphrase.ask()),
  )
  return signer.certificate ?? readCertificates(bytes)[0]
}

interface Listed {
  readonly certificate: X509Certificate
  readonly uri?: string
}

function listed(found: readonly Listed[]): string {
  if (found.length === 0) return 'No matching identities\n'
  const each = found.map(({ certificate, uri }, index) => listing(certificate, index + 1, uri))
  return `Matching identities\n${each.join('')}`
}

const digests = ['SHA256', 'SHA384', 'SHA512']

function dataOf(certificate: X509Certificate): Readonly<Record<string, unknown>> {
  const [keyType, supportedAlgorithms] = algorithmsOf(certificate.publicKey.asymmetricKeyType ?? '')
  return {
    keyType,
    certificateData: certificate.raw.toString('base64'),
    serialNumber: serialDecimal(certificate),
    supportedAlgorithms,
  }
}

function describedInFull({ certificate, uri }: Listed): Readonly<Record<string, unknown>> {
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    sha1Fingerprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
    sha256Fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    uri,
    ...dataOf(certificate),
  }
}

function algorithmsOf(type: string): [string, string[]] {
  if (type === 'rsa') return ['RSA', digests.map((digest) => `RSA${digest}`)]
  if (type === 'ec') return ['EC', digests.map((digest) => `EC${digest}`)]
  if (type.startsWith('ml-dsa')) return [type.toUpperCase(), [type.toUpperCase()]]
  return ['', digests]
}
