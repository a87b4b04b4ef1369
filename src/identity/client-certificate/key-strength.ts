import type { KeyObject } from 'node:crypto'

const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1'])

/**
 * What is wrong with a public key, for the log; undefined when it may be used: RSA from 2048 to 8192 bits, NIST's curves
 * from P-256, Ed25519 and Ed448 (NIST SP 800-131A §3). Larger RSA keys only cost time.
 */
export function keyWeakness(key: KeyObject): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details = {} } = key
  if (type === 'ed25519' || type === 'ed448') return undefined
  if (type === 'ec') {
    const { namedCurve = 'unnamed' } = details
    return curves.has(namedCurve) ? undefined : `curve ${namedCurve}`
  }
  if (type !== 'rsa' && type !== 'rsa-pss') return `key of type ${type ?? 'unknown'}`
  const { modulusLength: bits = 0, publicExponent = 0n } = details
  if (bits < 2048 || bits > 8192) return `RSA of ${bits} bits`
  return publicExponent < 3n || publicExponent % 2n === 0n ? 'RSA with a bad exponent' : undefined
}
