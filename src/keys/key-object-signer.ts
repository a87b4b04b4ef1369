import {
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  type X509Certificate,
} from 'node:crypto'
import { promisify } from 'node:util'
import { KeyFault } from './key-fault.ts'
import { keyAlgorithm, type Signer } from './signer.ts'

// The callback form signs on another thread, so that RSA-4096 does not hold up the event loop.
const signElsewhere = promisify(signBytes)

/** A signer for a key that this process holds. KeyFault when the key is of another kind, or not the certificate's. */
export function keyObjectSigner(
  key: KeyObject,
  certificate?: X509Certificate,
  chain: readonly X509Certificate[] = [],
): Signer {
  const algorithm = keyAlgorithm(key)
  if (!algorithm) {
    const kind = key.asymmetricKeyType ?? key.type
    throw new KeyFault(
      'unsupported_key',
      `A ${kind} key can't be used. Use an RSA, EC or ML-DSA key.`,
    )
  }
  if (certificate && !certificate.checkPrivateKey(key)) {
    throw new KeyFault(
      'key_mismatch',
      'The private key does not belong to the certificate. Give the key that the certificate was issued for.',
    )
  }
  return {
    algorithm,
    publicKey: certificate?.publicKey ?? createPublicKey(key),
    certificate,
    chain,
    sign: (bytes, digest) => signElsewhere(algorithm === 'ml-dsa' ? null : digest, bytes, key),
    close: () => Promise.resolve(),
  }
}
