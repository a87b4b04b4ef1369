import type { AttackCase } from '../attack-kit.ts'
import { signElement } from '../saml-response.ts'

const family = 'signature exclusion'

function strip(xml: string): string {
  return xml.replace(/<ds:Signature[ >].*?<\/ds:Signature>/gs, '')
}

/** No signature, an empty one, or one of something else. */
export const exclusion: readonly AttackCase[] = [
  {
    family,
    name: 'no signature at all',
    code: 'saml_signature_missing',
    attack: (kit) => strip(kit.seal()),
  },
  {
    family,
    name: 'an empty SignatureValue',
    code: 'saml_signature_structure',
    attack: (kit) => kit.seal().replace(/(<ds:SignatureValue>)[^<]*/g, '$1'),
  },
  {
    family,
    name: 'a changed NameID under the genuine signature',
    code: 'saml_signature_invalid',
    attack: (kit) => kit.seal().replaceAll(kit.plan.nameId, 'mallory@corp.example'),
  },
  {
    family,
    name: 'a changed attribute under the genuine signature',
    code: 'saml_signature_invalid',
    attack: (kit) => kit.seal().replace('aws-readers', 'aws-admins!'),
  },
  {
    family,
    name: 'a bit of the SignatureValue flipped',
    code: 'saml_signature_invalid',
    attack: (kit) =>
      kit
        .seal()
        .replace(
          /<ds:SignatureValue>(.)/g,
          (_all, first: string) => `<ds:SignatureValue>${first === 'A' ? 'B' : 'A'}`,
        ),
  },
  {
    family,
    name: 'a bit of the DigestValue flipped',
    code: 'saml_signature_invalid',
    attack: (kit) =>
      kit
        .seal()
        .replace(
          /<ds:DigestValue>(.)/g,
          (_all, first: string) => `<ds:DigestValue>${first === 'A' ? 'B' : 'A'}`,
        ),
  },
  {
    family,
    name: 'a broken signature of the response around a genuine one of the assertion',
    code: 'saml_signature_invalid',
    flavours: ['both'],
    attack: (kit) => kit.seal().replace('</samlp:Status>', '\n</samlp:Status>'),
  },
  {
    family,
    name: 'a broken signature of the assertion under a genuine one of the response',
    code: 'saml_signature_invalid',
    flavours: ['both'],
    attack: (kit) =>
      kit.seal({}, { bendSigned: (assertion) => assertion.replace('aws-readers', 'aws-admins') }),
  },
  {
    family,
    name: 'the same, encrypted',
    code: 'saml_signature_invalid',
    flavours: ['both'],
    attack: (kit) =>
      kit.sealEncrypted({}, { bendSigned: (xml) => xml.replace('aws-readers', 'aws-admins') }),
    twin: (kit) => kit.sealEncrypted(),
  },
  {
    family,
    name: 'a signature of somebody else in the assertion, under a genuine one of the response',
    code: 'saml_signature_invalid',
    flavours: ['response'],
    attack: (kit) =>
      kit.seal(
        {},
        { bend: (assertion) => signElement(assertion, kit.plan.assertionId, kit.cast.attacker) },
      ),
    twin: (kit) =>
      kit.seal(
        {},
        { bend: (assertion) => signElement(assertion, kit.plan.assertionId, kit.cast.nextIdp) },
      ),
  },
  {
    family,
    name: 'only one of two signatures where both are wanted',
    code: 'saml_signature_missing',
    flavours: ['assertion', 'response'],
    profile: 'both',
    attack: (kit) => kit.seal(),
    twin: async ({ target }) => {
      const { makeKit } = await import('../attack-kit.ts')
      const both = await makeKit(target, 'both')
      return both.post(both.seal())
    },
  },
]
