import { type KeyObject, randomBytes, type X509Certificate } from 'node:crypto'
import * as asn1 from 'asn1js'
import * as pki from 'pkijs'

const shroudedKeyBag = '1.2.840.113549.1.12.10.1.2'
const certificateBag = '1.2.840.113549.1.12.10.1.3'
const localKeyId = '1.2.840.113549.1.9.21'
const iterations = 100_000

/** A PKCS#12 file, encrypted with AES-256 and protected by HMAC-SHA-256 (RFC 7292; RFC 8018 §6.2). The password is ASCII. */
export async function pkcs12File(
  key: KeyObject,
  certificates: readonly X509Certificate[],
  password: string,
): Promise<Buffer> {
  const bytes = new Uint8Array(Buffer.from(password)).buffer
  const protection = {
    password: bytes,
    // The library's type asks for the vector, of which it makes a new one for each content.
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: randomBytes(16) },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: iterations,
  }
  const info = key.export({ type: 'pkcs8', format: 'der' })
  const keyBag = new pki.PKCS8ShroudedKeyBag({
    parsedValue: pki.PrivateKeyInfo.fromBER(new Uint8Array(info).buffer),
  })
  await keyBag.makeInternalValues(protection)
  const id = new pki.Attribute({
    type: localKeyId,
    values: [new asn1.OctetString({ valueHex: new Uint8Array([1]).buffer })],
  })
  const certificateBags = certificates.map(
    ({ raw }, index) =>
      new pki.SafeBag({
        bagId: certificateBag,
        bagValue: new pki.CertBag({
          parsedValue: pki.Certificate.fromBER(new Uint8Array(raw).buffer),
        }),
        ...(index === 0 && { bagAttributes: [id] }),
      }),
  )
  const keySafe = new pki.SafeContents({
    safeBags: [new pki.SafeBag({ bagId: shroudedKeyBag, bagValue: keyBag, bagAttributes: [id] })],
  })
  const certificateSafe = new pki.SafeContents({ safeBags: certificateBags })
  const authenticatedSafe = new pki.AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        { privacyMode: 0, value: keySafe },
        { privacyMode: 1, value: certificateSafe },
      ],
    },
  })
  await authenticatedSafe.makeInternalValues({ safeContents: [{}, protection] })
  const file = new pki.PFX({ parsedValue: { integrityMode: 0, authenticatedSafe } })
  await file.makeInternalValues({
    password: bytes,
    iterations,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  })
  return Buffer.from(file.toSchema().toBER())
}
