import type { X509Certificate } from 'node:crypto'
import type { Digest, KeyAlgorithm } from '../../keys/signer.ts'

/** A certificate store of the system, reached through the system's own tools. */
export interface CertificateStore {
  /** Certificates that have a private key beside them. */
  list(): Promise<readonly X509Certificate[]>
  /** What stands above a certificate, from its issuer upwards, as far as the system knows. */
  chain(certificate: X509Certificate): Promise<readonly X509Certificate[]>
  /** RSASSA-PKCS1-v1_5, or ECDSA in DER. */
  sign(
    certificate: X509Certificate,
    algorithm: KeyAlgorithm,
    bytes: Buffer,
    digest: Digest,
  ): Promise<Buffer>
}

/** Runs a program of the system and gives what it printed. `input` goes to its standard input. */
export type RunTool = (program: string, args: readonly string[], input: string) => Promise<string>
