import type { X509Certificate } from 'node:crypto'
import type { Certificate } from 'pkijs'
import { KeyFault } from './key-fault.ts'

const keyUsage = '2.5.29.15'
// The first bit of the BIT STRING (RFC 5280 §4.2.1.3).
const digitalSignature = 0x80

/**
 * What keeps AWS from accepting the certificate, whoever issued it, each as a sentence; empty when nothing does (IAM
 * Roles Anywhere User Guide, "Signature verification" and "Trust model"). Extended key usage is not asked for there.
 */
export async function leafShortcomings(certificate: X509Certificate): Promise<readonly string[]> {
  // Node shows neither the version nor the key usage.
  const { Certificate: Parser } = await import('pkijs')
  const parsed = parse(Parser, certificate)
  const usage: unknown = extension(parsed, keyUsage)
  const bits = hasBytes(usage) ? (usage.valueBlock.valueHexView[0] ?? 0) : 0
  const checks: readonly (readonly [boolean, string])[] = [
    [parsed.version === 2, 'It is not an X.509 version 3 certificate.'],
    [
      !certificate.ca,
      'It is a certificate authority (basicConstraints CA:TRUE), not an end entity.',
    ],
    [(bits & digitalSignature) !== 0, 'Its key usage does not include digitalSignature.'],
    [parsed.subject.typesAndValues.length > 0, 'Its subject is empty.'],
    [
      !/md5|sha1\b|sha-1\b/i.test(certificate.signatureAlgorithm ?? ''),
      'It is signed with MD5 or SHA-1; AWS asks for SHA-256 or stronger.',
    ],
    [
      /^(rsa|ec|ml-dsa-(44|65|87))$/.test(certificate.publicKey.asymmetricKeyType ?? ''),
      'Its key is not RSA, EC or ML-DSA.',
    ],
  ]
  return checks.filter(([fine]) => !fine).map(([, sentence]) => sentence)
}

function parse(parser: typeof Certificate, { raw }: X509Certificate): Certificate {
  try {
    return parser.fromBER(new Uint8Array(raw).buffer)
  } catch (cause) {
    throw new KeyFault('bad_certificate', "The certificate can't be read.", { cause })
  }
}

function extension({ extensions = [] }: Certificate, id: string): unknown {
  return extensions.find(({ extnID }) => extnID === id)?.parsedValue
}

function hasBytes(value: unknown): value is { valueBlock: { valueHexView: Uint8Array } } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'valueBlock' in value &&
    typeof value.valueBlock === 'object' &&
    value.valueBlock !== null &&
    'valueHexView' in value.valueBlock &&
    value.valueBlock.valueHexView instanceof Uint8Array
  )
}
