import type { AttackCase, Kit } from '../attack-kit.ts'

const family = 'text'

/** Puts something into the text of an element after it was signed, where canonicalisation passes over it. */
function insert(kit: Kit, element: string, aside: string): string {
  const pattern = new RegExp(`(<saml:${element}(?: [^>]*)?>)([^<]{3})([^<]*)`)
  return kit.seal().replace(pattern, `$1$2${aside}$3`)
}

const places = ['NameID', 'AttributeValue', 'Audience', 'Issuer']

/** What one reader of text sees and another doesn't. */
export const text: readonly AttackCase[] = [
  ...places.map((place): AttackCase => ({
    family,
    name: `a comment in ${place}`,
    code: 'saml_xml_comment',
    attack: (kit) => insert(kit, place, '<!---->'),
  })),
  ...places.map((place): AttackCase => ({
    family,
    name: `a CDATA section in ${place}`,
    code: 'saml_xml_cdata',
    attack: (kit) => insert(kit, place, '<![CDATA[]]>'),
  })),
  ...places.map((place): AttackCase => ({
    family,
    name: `a processing instruction in ${place}`,
    code: 'saml_xml_processing_instruction',
    attack: (kit) => insert(kit, place, '<?p not-?>'),
  })),
  {
    family,
    name: 'a genuine NameID cut short by a comment, to be read as alice@x',
    code: 'saml_xml_comment',
    attack: (kit) => kit.seal({ nameIdElement: '<saml:NameID>alice@x<!---->.evil</saml:NameID>' }),
  },
  {
    family,
    name: 'a comment inside the encryption',
    code: 'saml_signature_invalid',
    flavours: ['assertion'],
    attack: (kit) =>
      kit.sealEncrypted({}, { bendSigned: (xml) => xml.replace('alice', 'al<!---->ice') }),
    twin: (kit) => kit.sealEncrypted(),
  },
  {
    family,
    name: 'an element in NameID',
    code: 'saml_name_id',
    attack: (kit) =>
      kit.seal({
        nameIdElement: '<saml:NameID>alice<x:y xmlns:x="urn:x">@evil</x:y></saml:NameID>',
      }),
  },
  {
    family,
    name: 'spaces around the NameID',
    code: 'saml_name_id',
    attack: (kit) => kit.seal({ nameId: ' alice@corp.example' }),
  },
  {
    family,
    name: 'a mark in the NameID that turns the reading direction',
    code: 'saml_person',
    attack: (kit) => kit.seal({ nameId: 'alice\u202E@corp.example' }),
  },
]
