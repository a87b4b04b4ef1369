import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Surroundings } from '../surroundings.ts'
import { withProgress } from '../terminal/progress.ts'

export const keyKinds = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-4096'] as const
export type KeyKind = (typeof keyKinds)[number]

const generate = promisify(generateKeyPair)

/** A new key pair. A large RSA key takes seconds, and is made on another thread. */
export function newKeyPair(
  kind: KeyKind,
  surroundings: Surroundings,
): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  const [family, size = ''] = kind.split('-')
  return withProgress(`Making a key of ${kind}`, surroundings, () =>
    family === 'rsa'
      ? generate('rsa', { modulusLength: Number(size) })
      : generate('ec', { namedCurve: size === 'p384' ? 'P-384' : 'P-256' }),
  )
}

/** How a key signs certificates: SHA-256, or SHA-384 where the curve is larger. */
function signingAlgorithm(key: KeyObject) {
  if (key.asymmetricKeyType === 'rsa')
    return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
  const larger = key.asymmetricKeyDetails?.namedCurve === 'secp384r1'
  return larger
    ? ({ name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const)
    : ({ name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const)
}

/** The same keys for the certificate library, which takes WebCrypto's. */
export async function webKeys(pair: { publicKey: KeyObject; privateKey: KeyObject }) {
  const algorithm = signingAlgorithm(pair.privateKey)
  const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const pkcs8 = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  return {
    algorithm,
    publicKey: await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']),
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
  }
}
