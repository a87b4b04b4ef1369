import type { AttackCase } from '../attack-kit.ts'
import { rsaSha1, sha1 } from '../saml-response.ts'

const family = 'downgrade'

/** Weaker algorithms than we allow, signed and encrypted genuinely. */
export const downgrade: readonly AttackCase[] = [
  {
    family,
    name: 'RSA with SHA-1',
    code: 'saml_signature_algorithm',
    attack: (kit) => kit.seal({}, { signatureAlgorithm: rsaSha1 }),
  },
  {
    family,
    name: 'a SHA-1 digest',
    code: 'saml_digest_algorithm',
    attack: (kit) => kit.seal({}, { digestAlgorithm: sha1 }),
  },
  {
    family,
    name: 'RSA with MD5, even where SHA-1 is allowed',
    code: 'saml_signature_algorithm',
    profile: 'sha1',
    attack: (kit) =>
      kit
        .seal()
        .replaceAll(
          'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
          'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
        ),
    twin: (kit) => kit.seal({}, { signatureAlgorithm: rsaSha1, digestAlgorithm: sha1 }),
  },
  {
    family,
    name: 'SHA-1 inside the encryption',
    code: 'saml_signature_algorithm',
    flavours: ['assertion'],
    attack: (kit) => kit.sealEncrypted({}, { signatureAlgorithm: rsaSha1 }),
    twin: (kit) => kit.sealEncrypted(),
  },
  {
    family,
    name: 'Triple DES',
    code: 'saml_encryption_algorithm',
    attack: (kit) =>
      kit.sealEncrypted({}, { algorithm: 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc' }),
    twin: (kit) =>
      kit.sealEncrypted({}, { algorithm: 'http://www.w3.org/2001/04/xmlenc#aes128-cbc' }),
  },
  {
    family,
    name: 'RSA with PKCS#1 v1.5 for the key',
    code: 'saml_encryption_algorithm',
    attack: (kit) =>
      kit.sealEncrypted({}, { keyAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-1_5' }),
    twin: (kit) =>
      kit.sealEncrypted({}, { algorithm: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc' }),
  },
]
