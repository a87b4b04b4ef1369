import { createHmac, createPublicKey } from 'node:crypto'
import type { AttackCase } from '../attack-kit.ts'

const family = 'key confusion'

/** Signed, but not by the key that counts. */
export const keys: readonly AttackCase[] = [
  {
    family,
    name: 'signed with a key of our own, its certificate with the same subject in KeyInfo',
    code: 'saml_signature_invalid',
    attack: (kit) => kit.seal({ nameId: 'mallory@corp.example' }, { key: kit.cast.attacker }),
  },
  {
    family,
    name: 'signed by another provider',
    code: 'saml_signature_invalid',
    attack: (kit) => kit.seal({}, { key: kit.cast.otherIdp }),
  },
  {
    family,
    name: "signed with an attacker's key, the genuine certificate in KeyInfo",
    code: 'saml_signature_invalid',
    attack(kit) {
      const { attacker, idp } = kit.cast
      return kit.seal({}, { key: { ...attacker, certificate: idp.certificate } })
    },
  },
  {
    family,
    name: 'HMAC keyed with the certificate that everybody knows',
    code: 'saml_signature_algorithm',
    attack(kit) {
      const hmac = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1'
      return kit
        .seal()
        .replaceAll('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', hmac)
        .replace(
          /(<ds:SignedInfo.*?<\/ds:SignedInfo>)(<ds:SignatureValue>)[^<]*/gs,
          (_all, info: string, tag: string) => {
            const value = createHmac('sha1', kit.cast.idp.certificate).update(info).digest('base64')
            return `${info}${tag}${value}`
          },
        )
    },
  },
  {
    family,
    name: 'a bare public key in KeyInfo',
    code: 'saml_signature_invalid',
    attack(kit) {
      const jwk = createPublicKey(kit.cast.attacker.publicKey).export({ format: 'jwk' })
      const value = `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${jwk.n ?? ''}</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`
      return kit
        .seal({}, { key: kit.cast.attacker })
        .replaceAll(/<ds:X509Data>.*?<\/ds:X509Data>/gs, value)
    },
    twin: (kit) => kit.seal().replaceAll(/<ds:KeyInfo>.*?<\/ds:KeyInfo>/gs, ''),
    flavours: ['assertion', 'response'],
  },
]
