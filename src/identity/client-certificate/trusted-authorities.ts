import { readIntermediates } from '../../keys/certificate.ts'
import { type ParsedCertificate, parseCertificate } from './parsed-certificate.ts'

/** The authorities that are trusted: what ends a path, and what stands between. */
export interface TrustedAuthorities {
  readonly certificates: readonly ParsedCertificate[]
  /** For TLS, which announces their names to browsers. */
  readonly pem: readonly string[]
}

/** A client's certificate and what came with it, as DER. Nothing of it has been checked. */
export interface PresentedCertificate {
  readonly leaf: Buffer
  readonly intermediates: readonly Buffer[]
}

/**
 * Reads the authorities from PEM or DER; every one of them is trusted, roots and others. Throws KeyFault or
 * CertificateRefusal, which fail the start or the reload.
 */
export function readAuthorities(files: readonly Buffer[]): TrustedAuthorities {
  const found = files.flatMap((bytes) => readIntermediates(bytes))
  return {
    certificates: found.map(({ raw }) => parseCertificate(raw)),
    pem: found.map((certificate) => certificate.toString()),
  }
}
