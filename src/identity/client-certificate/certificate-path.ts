import type { ParsedCertificate } from './parsed-certificate.ts'

type Issuers = readonly [ParsedCertificate, ...ParsedCertificate[]]

/** A certificate and the authorities above it, from the one that issued it to the one that is trusted. */
export interface CertificatePath {
  readonly leaf: ParsedCertificate
  readonly issuers: Issuers
}

const mostIssuers = 6
const mostSignatures = 48

/**
 * The ways from a certificate up to one that is trusted. A trusted authority ends a path unless it was itself issued by
 * another trusted one, whose revocation list then speaks on it. Names and signatures are checked, and how many
 * signatures are looked at is bounded, whatever is presented.
 */
export function* certificatePaths(
  leaf: ParsedCertificate,
  presented: readonly ParsedCertificate[],
  trusted: readonly ParsedCertificate[],
): Generator<CertificatePath> {
  let signaturesLeft = mostSignatures

  function isIssuedBy(below: ParsedCertificate, above: ParsedCertificate): boolean {
    // Whether it may issue at all is looked at later, for a better reason than that there is no path.
    if (!below.issuer.equals(above.subject)) return false
    signaturesLeft -= 1
    return signaturesLeft >= 0 && below.x509.verify(above.x509.publicKey)
  }

  function* climb(below: ParsedCertificate, path?: Issuers): Generator<Issuers> {
    const seen = [leaf, ...(path ?? [])]
    if (seen.length > mostIssuers) return
    const candidates = (from: readonly ParsedCertificate[]) =>
      from.filter(
        (above) => !seen.some(({ der }) => der.equals(above.der)) && isIssuedBy(below, above),
      )
    for (const above of candidates(trusted)) {
      const issuers: Issuers = path ? [...path, above] : [above]
      let goesOn = false
      for (const longer of climb(above, issuers)) {
        goesOn = true
        yield longer
      }
      if (!goesOn) yield issuers
    }
    for (const above of candidates(presented)) {
      yield* climb(above, path ? [...path, above] : [above])
    }
  }

  for (const issuers of climb(leaf)) yield { leaf, issuers }
}
