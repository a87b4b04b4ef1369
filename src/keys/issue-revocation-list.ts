import { Integer } from 'asn1js'
import {
  CertificateRevocationList,
  Extension,
  Extensions,
  RevokedCertificate,
  Time,
  TimeType,
} from 'pkijs'
import type { CertificateAuthority } from './certificate-authority.ts'
import { signatureAlgorithm, signedStructure } from './signed-structure.ts'

/** What a revocation list is to say. */
export interface RevocationListOrder {
  readonly revoked: readonly { readonly serial: bigint; readonly at: Date }[]
  readonly number: bigint
  readonly thisUpdate: Date
  readonly nextUpdate: Date
}

/** Issues a certificate revocation list, DER (RFC 5280 §5). KeyFault. */
export async function issueRevocationList(
  { signer, parsed }: CertificateAuthority,
  { revoked, number, thisUpdate, nextUpdate }: RevocationListOrder,
): Promise<Buffer> {
  const list = new EncodableList()
  list.version = 1
  list.issuer = parsed.subject
  list.signature = signatureAlgorithm(signer)
  list.thisUpdate = new Time({ type: TimeType.UTCTime, value: thisUpdate })
  list.nextUpdate = new Time({ type: TimeType.UTCTime, value: nextUpdate })
  if (revoked.length > 0) {
    list.revokedCertificates = revoked.map(
      ({ serial, at }) =>
        new RevokedCertificate({
          userCertificate: Integer.fromBigInt(serial),
          revocationDate: new Time({ type: TimeType.UTCTime, value: at }),
        }),
    )
  }
  const crlNumber = new Extension({
    extnID: '2.5.29.20',
    extnValue: Integer.fromBigInt(number).toBER(),
  })
  list.crlExtensions = new Extensions({ extensions: [crlNumber] })
  return signedStructure(list.toBeSigned(), signer)
}

/** The library signs only with keys of WebCrypto; the part that a token must sign is hidden in it. */
class EncodableList extends CertificateRevocationList {
  toBeSigned() {
    return this.encodeTBS()
  }
}
