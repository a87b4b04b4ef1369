import { BmpString, OctetString } from 'asn1js'
import { X509Certificate } from 'node:crypto'
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs'
import type { IssuedCertificate } from './demo-authority.ts'

const ids = {
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
}
const protection = {
  // pkijs draws the vector itself; its type asks for one all the same.
  contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: new Uint8Array(16) },
  hmacHashAlgorithm: 'SHA-256',
  iterationCount: 2048,
}

/**
 * A PKCS#12 file (RFC 7292) of a certificate, its key and the authority above it, as browsers import it: PBES2 with
 * AES-256, and an HMAC over all.
 */
export async function pkcs12(
  { certificate, key }: IssuedCertificate,
  authority: string,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<Buffer> {
  const secret = arrayBuffer(Buffer.from(password))
  const keyInfo = PrivateKeyInfo.fromBER(
    arrayBuffer(Buffer.from(key.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')),
  )
  const shrouded = new PKCS8ShroudedKeyBag({ parsedValue: keyInfo })
  const bagAttributes = attributes(name)
  await shrouded.makeInternalValues({ password: secret, ...protection })
  const keys = new SafeContents({
    safeBags: [new SafeBag({ bagId: ids.shroudedKeyBag, bagValue: shrouded, bagAttributes })],
  })
  const certificates = new SafeContents({
    safeBags: [certificateBag(certificate, bagAttributes), certificateBag(authority)],
  })
  const safe = new AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        { privacyMode: 0, value: keys },
        { privacyMode: 1, value: certificates },
      ],
    },
  })
  await safe.makeInternalValues({ safeContents: [{}, { password: secret, ...protection }] })
  const pfx = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } })
  await pfx.makeInternalValues({
    password: secret,
    iterations: 2048,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  })
  return Buffer.from(pfx.toSchema().toBER())
}

function certificateBag(pem: string, bagAttributes?: Attribute[]): SafeBag {
  const parsedValue = Certificate.fromBER(arrayBuffer(new X509Certificate(pem).raw))
  return new SafeBag({
    bagId: ids.certificateBag,
    bagValue: new CertBag({ parsedValue }),
    ...(bagAttributes && { bagAttributes }),
  })
}

/** What ties the key to its certificate, and the name that a browser shows. */
function attributes(name: string): Attribute[] {
  return [
    new Attribute({ type: ids.friendlyName, values: [new BmpString({ value: name })] }),
    new Attribute({
      type: ids.localKeyId,
      values: [new OctetString({ valueHex: new ArrayBuffer(4) })],
    }),
  ]
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
