import type { AttackCase, Kit } from '../attack-kit.ts'
import { assertionXml, encryptAssertion, responseXml, signElement } from '../saml-response.ts'

const family = 'encryption'

const twin = (kit: Kit) => kit.sealEncrypted()

/** A response, unsigned, around what anybody could encrypt for us. */
async function carry(kit: Kit, xml: string): Promise<string> {
  return responseXml(kit.plan, await encryptAssertion(xml, kit.cast.decryption))
}

/** Flips a bit in the last CipherValue, which holds the assertion. */
function flip(xml: string, place: number): string {
  const at = xml.lastIndexOf('CipherValue>', xml.lastIndexOf('CipherValue>') - 1) + 12
  const end = xml.indexOf('<', at)
  const bytes = Buffer.from(xml.slice(at, end), 'base64')
  const index = place < 0 ? bytes.length + place : place
  bytes[index] = (bytes[index] ?? 0) ^ 1
  return xml.slice(0, at) + bytes.toString('base64') + xml.slice(end)
}

const cbc = 'http://www.w3.org/2001/04/xmlenc#aes128-cbc'
const gcm = 'http://www.w3.org/2009/xmlenc11#aes128-gcm'

/** Anybody has our encryption key, so encryption proves nothing. */
export const encryption: readonly AttackCase[] = [
  {
    family,
    name: 'an unsigned assertion',
    code: 'saml_signature_missing',
    flavours: ['assertion'],
    attack: (kit) => carry(kit, assertionXml({ ...kit.plan, nameId: 'mallory' })),
    twin,
  },
  {
    family,
    name: 'an assertion signed by an attacker',
    code: 'saml_signature_invalid',
    flavours: ['assertion'],
    attack: (kit) =>
      carry(kit, signElement(assertionXml(kit.plan), kit.plan.assertionId, kit.cast.attacker)),
    twin,
  },
  {
    family,
    name: 'an attacker-signed assertion under the signature of the response, by the provider',
    code: 'saml_signature_invalid',
    flavours: ['response'],
    attack: async (kit) => {
      const inner = signElement(assertionXml(kit.plan), kit.plan.assertionId, kit.cast.attacker)
      const carried = await encryptAssertion(inner, kit.cast.decryption)
      return signElement(responseXml(kit.plan, carried), kit.plan.responseId, kit.cast.idp)
    },
    twin,
  },
  {
    family,
    name: 'an encrypted assertion swapped under the signature of the response',
    code: 'saml_signature_invalid',
    flavours: ['response', 'both'],
    attack: async (kit) => {
      const xml = await kit.sealEncrypted()
      const swapped = await encryptAssertion(
        assertionXml({ ...kit.plan, nameId: 'mallory' }),
        kit.cast.decryption,
      )
      return xml.replace(/<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s, swapped)
    },
    twin,
  },
  {
    family,
    name: 'a wrapped assertion inside',
    code: 'saml_signature_invalid',
    flavours: ['assertion'],
    attack: (kit) => {
      const genuine = signElement(assertionXml(kit.plan), kit.plan.assertionId, kit.cast.idp)
      const evil = assertionXml({ ...kit.plan, assertionId: '_evil', nameId: 'mallory' })
      return carry(kit, evil.replace('</saml:Assertion>', `${genuine}</saml:Assertion>`))
    },
    twin,
  },
  {
    family,
    name: 'two assertions inside',
    code: 'saml_signature_invalid',
    flavours: ['assertion'],
    attack: (kit) => {
      const genuine = signElement(assertionXml(kit.plan), kit.plan.assertionId, kit.cast.idp)
      return carry(kit, assertionXml({ ...kit.plan, assertionId: '_evil' }) + genuine)
    },
    twin,
  },
  {
    family,
    name: 'a DOCTYPE inside',
    code: 'saml_signature_invalid',
    flavours: ['assertion'],
    attack: (kit) => {
      const genuine = signElement(assertionXml(kit.plan), kit.plan.assertionId, kit.cast.idp)
      return carry(kit, `<!DOCTYPE r [<!ENTITY e "evil">]>${genuine}`)
    },
    twin,
  },
  {
    family,
    name: 'something that is no assertion inside',
    code: 'saml_assertion_missing',
    flavours: ['assertion'],
    attack: (kit) => carry(kit, '<x:y xmlns:x="urn:x">hello</x:y>'),
    twin,
  },
  {
    family,
    name: 'an encrypted assertion beside a plain one',
    code: 'saml_assertion_missing',
    attack: async (kit) => {
      const carried = await encryptAssertion(assertionXml(kit.plan), kit.cast.decryption)
      return kit.seal().replace('</samlp:Response>', `${carried}</samlp:Response>`)
    },
    twin,
  },
  ...[
    { name: 'the IV', place: 3, algorithm: cbc },
    { name: 'the middle', place: 600, algorithm: cbc },
    { name: 'the padding', place: -17, algorithm: cbc },
    { name: 'the last block', place: -1, algorithm: cbc },
    { name: 'the middle of GCM', place: 600, algorithm: gcm },
    { name: 'the tag of GCM', place: -1, algorithm: gcm },
  ].map(({ name, place, algorithm }): AttackCase => ({
    family,
    name: `a bit flipped in ${name}`,
    code: 'saml_signature_invalid',
    attack: async (kit) =>
      flip(
        await kit.sealEncrypted({}, algorithm === cbc ? { algorithm: cbc } : { algorithm: gcm }),
        place,
      ),
    twin: (kit) =>
      kit.sealEncrypted({}, algorithm === cbc ? { algorithm: cbc } : { algorithm: gcm }),
  })),
  {
    family,
    name: 'a key that is not ours',
    code: 'saml_signature_invalid',
    attack: async (kit) => {
      const carried = await encryptAssertion(
        signElement(assertionXml(kit.plan), kit.plan.assertionId, kit.cast.idp),
        kit.cast.attacker,
      )
      const xml = responseXml(kit.plan, carried)
      return kit.flavour === 'assertion' ? xml : signElement(xml, kit.plan.responseId, kit.cast.idp)
    },
    twin,
  },
  {
    family,
    name: 'a ciphertext to be fetched from elsewhere',
    code: 'saml_structure',
    attack: async (kit) =>
      (await kit.sealEncrypted()).replace(
        /<(\w*:?)CipherValue>[^<]*<\/\w*:?CipherValue>/,
        '<$1CipherReference URI="http://127.0.0.1:9/"/>',
      ),
    twin,
  },
  {
    family,
    name: 'an encrypted assertion where no key is configured',
    code: 'saml_encryption_unexpected',
    profile: 'no-key',
    attack: (kit) => kit.sealEncrypted(),
    twin: (kit) => kit.seal(),
  },
]
