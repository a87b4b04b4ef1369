import { Integer, Null, OctetString } from 'asn1js'
import { createHash } from 'node:crypto'
import { AlgorithmIdentifier, CertID, Extension, OCSPRequest, Request, TBSRequest } from 'pkijs'
import { DerReader, onlyElement, tags } from '../der/der-reader.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'

/** How a certificate is called towards a responder (RFC 6960 §4.1.1); the hashes are SHA-1, which all of them know. */
export interface OcspName {
  readonly issuerNameHash: Buffer
  readonly issuerKeyHash: Buffer
  /** Hexadecimal digits, as in ParsedCertificate. */
  readonly serial: string
}

export const nonceId = '1.3.6.1.5.5.7.48.1.2'
export const sha1Id = '1.3.14.3.2.26'

export function ocspName(certificate: ParsedCertificate, issuer: ParsedCertificate): OcspName {
  const info = new DerReader(onlyElement(issuer.publicKeyInfo, tags.sequence).content)
  info.take(tags.sequence)
  // The hash leaves out the count of unused bits.
  const key = info.take(tags.bitString).content.subarray(1)
  return {
    issuerNameHash: sha1(certificate.issuer),
    issuerKeyHash: sha1(key),
    serial: certificate.serial,
  }
}

/** The DER of a request about one certificate, with a nonce (RFC 9654 §2.1) against replayed answers. */
export function ocspRequest(name: OcspName, nonce: Buffer): Buffer {
  const octets = (bytes: Buffer) => new OctetString({ valueHex: copyOf(bytes) })
  const reqCert = new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithmId: sha1Id, algorithmParams: new Null() }),
    issuerNameHash: octets(name.issuerNameHash),
    issuerKeyHash: octets(name.issuerKeyHash),
    serialNumber: new Integer({ valueHex: copyOf(Buffer.from(name.serial, 'hex')) }),
  })
  const extension = new Extension({ extnID: nonceId, extnValue: octets(nonce).toBER() })
  const tbsRequest = new TBSRequest({
    requestList: [new Request({ reqCert })],
    requestExtensions: [extension],
  })
  return Buffer.from(new OCSPRequest({ tbsRequest }).toSchema(true).toBER())
}

function sha1(bytes: Buffer): Buffer {
  return createHash('sha1').update(bytes).digest()
}

/** Small buffers share memory with others, and asn1js takes all of it. */
function copyOf(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
