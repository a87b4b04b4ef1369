import { type AlgorithmIdentifier, RSASSAPSSParams } from 'pkijs'

const SHA256 = '2.16.840.1.101.3.4.2.1'
const SHA384 = '2.16.840.1.101.3.4.2.2'
const SHA512 = '2.16.840.1.101.3.4.2.3'
const PSS = '1.2.840.113549.1.1.10'

/** Digest of each signature algorithm that is strong enough; undefined where there is none, as in ML-DSA. */
const DIGESTS: ReadonlyMap<string, string | undefined> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['2.16.840.1.101.3.4.3.17', undefined],
  ['2.16.840.1.101.3.4.3.18', undefined],
  ['2.16.840.1.101.3.4.3.19', undefined],
])

/** Whether a certificate is signed with SHA-256 or better (IAM Roles Anywhere User Guide, trust model). */
export function isStrong(algorithm: AlgorithmIdentifier): boolean {
  if (algorithm.algorithmId !== PSS) return DIGESTS.has(algorithm.algorithmId)
  const { hashAlgorithm } = new RSASSAPSSParams({ schema: algorithm.algorithmParams })
  return [SHA256, SHA384, SHA512].includes(hashAlgorithm.algorithmId)
}

/** The digest to verify a revocation list with. Throws an Error for an algorithm that isn't known here. */
export function digestOf({ algorithmId }: AlgorithmIdentifier): string | undefined {
  if (!DIGESTS.has(algorithmId)) throw new Error(`${algorithmId} is no known signature algorithm`)
  return DIGESTS.get(algorithmId)
}
