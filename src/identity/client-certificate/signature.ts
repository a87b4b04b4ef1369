import { constants, type KeyObject, verify } from 'node:crypto'
import { DerReader, onlyElement, tags } from './der/der-reader.ts'
import { readObjectIdentifier } from './der/der-values.ts'

type Digest = 'sha256' | 'sha384' | 'sha512'

const hashes: Readonly<Record<string, Digest>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
const rsaPss = '1.2.840.113549.1.1.10'
// RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3. What is not here is refused: MD5, SHA-1 and SHA-224 among them.
const algorithms: Readonly<Record<string, { key: readonly string[]; digest: Digest | undefined }>> =
  {
    '1.2.840.113549.1.1.11': { key: ['rsa'], digest: 'sha256' },
    '1.2.840.113549.1.1.12': { key: ['rsa'], digest: 'sha384' },
    '1.2.840.113549.1.1.13': { key: ['rsa'], digest: 'sha512' },
    '1.2.840.10045.4.3.2': { key: ['ec'], digest: 'sha256' },
    '1.2.840.10045.4.3.3': { key: ['ec'], digest: 'sha384' },
    '1.2.840.10045.4.3.4': { key: ['ec'], digest: 'sha512' },
    '1.3.101.112': { key: ['ed25519'], digest: undefined },
    '1.3.101.113': { key: ['ed448'], digest: undefined },
  }

interface SignatureAlgorithm {
  readonly key: readonly string[]
  readonly digest: Digest | undefined
  readonly pss: boolean
}

/** Whether an AlgorithmIdentifier (DER) is one that signatures are believed by. Throws DerFault. */
export function isStrongSignature(algorithm: Buffer): boolean {
  return readAlgorithm(algorithm) !== undefined
}

/** Whether a signature holds, by an algorithm that is believed. Throws DerFault when the algorithm can't be read. */
export function verifySignature(
  algorithm: Buffer,
  publicKey: KeyObject,
  signed: Buffer,
  signature: Buffer,
): boolean {
  const found = readAlgorithm(algorithm)
  const keyType = publicKey.asymmetricKeyType
  if (!found || keyType === undefined || !found.key.includes(keyType)) return false
  const padding = found.pss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : {}
  try {
    return verify(found.digest, signed, { key: publicKey, ...padding }, signature)
  } catch {
    // OpenSSL throws where the key and the algorithm don't go together.
    return false
  }
}

function readAlgorithm(der: Buffer): SignatureAlgorithm | undefined {
  const reader = new DerReader(onlyElement(der, tags.sequence).content)
  const id = readObjectIdentifier(reader.take(tags.objectIdentifier))
  if (id !== rsaPss) {
    const plain = algorithms[id]
    return plain && { ...plain, pss: false }
  }
  // RFC 4055 §3.1: without hashAlgorithm it is SHA-1.
  const hash = reader.enter(tags.sequence).takeIf(0xa0)
  const hashId =
    hash && new DerReader(hash.content).enter(tags.sequence).take(tags.objectIdentifier)
  const digest = hashId && hashes[readObjectIdentifier(hashId)]
  return digest && { key: ['rsa', 'rsa-pss'], digest, pss: true }
}
