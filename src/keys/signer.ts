import type { KeyObject, X509Certificate } from 'node:crypto'

export type KeyAlgorithm = 'rsa' | 'ec' | 'ml-dsa'
export type Digest = 'sha256' | 'sha384' | 'sha512'

/** Asks for the passphrase or PIN of a key; called only when one is needed. */
export type AskSecret = () => string | Promise<string>

/** A private key that signs, wherever it lives, and the certificate that speaks for it. */
export interface Signer {
  readonly algorithm: KeyAlgorithm
  /** Undefined only for a token's key without a certificate. */
  readonly publicKey: KeyObject | undefined
  readonly certificate: X509Certificate | undefined
  /** From the certificate's issuer upwards, without the certificate itself. */
  readonly chain: readonly X509Certificate[]
  /**
   * RSA: RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). EC: ECDSA, DER-encoded (RFC 3279 §2.2.3). ML-DSA: pure, with empty context
   * (FIPS 204 §5.2), which takes no digest. Rejects with KeyFault.
   */
  sign(bytes: Buffer, digest: Digest): Promise<Buffer>
  close(): Promise<void>
}

const algorithms: Readonly<Record<string, KeyAlgorithm>> = {
  rsa: 'rsa',
  ec: 'ec',
  'ml-dsa-44': 'ml-dsa',
  'ml-dsa-65': 'ml-dsa',
  'ml-dsa-87': 'ml-dsa',
}

/** The family that a key belongs to, or undefined for one that no signer here can use (DSA, Ed25519, RSA-PSS, ...). */
export function keyAlgorithm(key: KeyObject): KeyAlgorithm | undefined {
  return algorithms[key.asymmetricKeyType ?? '']
}
