import { type AttackCase, type Kit, toBase64 } from '../attack-kit.ts'

const family = 'transport'

const fields = (kit: Kit, SAMLResponse: unknown, RelayState: unknown = kit.started.relayState) =>
  kit.postFields({ SAMLResponse, RelayState })

/** How a response arrives. */
export const transport: readonly AttackCase[] = [
  {
    family,
    name: 'SAMLResponse twice',
    code: 'saml_field',
    attack: (kit) => fields(kit, [toBase64(kit.seal()), toBase64(kit.seal())]),
  },
  {
    family,
    name: 'SAMLResponse as an object',
    code: 'saml_field',
    attack: (kit) => fields(kit, { 0: toBase64(kit.seal()) }),
  },
  { family, name: 'no SAMLResponse', code: 'saml_field', attack: (kit) => fields(kit, undefined) },
  { family, name: 'an empty SAMLResponse', code: 'saml_field', attack: (kit) => fields(kit, '') },
  {
    family,
    name: 'RelayState twice',
    code: 'saml_field',
    attack: (kit) =>
      fields(kit, toBase64(kit.seal()), [kit.started.relayState, kit.started.relayState]),
  },
  {
    family,
    name: 'a RelayState that leads elsewhere',
    code: 'saml_unsolicited',
    attack: (kit) => fields(kit, toBase64(kit.seal()), 'https://evil.example/'),
  },
  {
    family,
    name: 'the ID of somebody else in RelayState',
    code: 'saml_unsolicited',
    attack: (kit) => fields(kit, toBase64(kit.seal()), kit.started.requestId),
  },
  {
    family,
    name: 'no base64',
    code: 'saml_encoding',
    attack: (kit) => fields(kit, kit.seal()),
    twin: (kit) => fields(kit, toBase64(kit.seal()).replace(/.{76}/g, '$&\r\n')),
  },
  {
    family,
    name: 'base64 with something in between',
    code: 'saml_encoding',
    attack: (kit) => fields(kit, toBase64(kit.seal()).replace(/^..../, '$&-')),
  },
  {
    family,
    name: 'base64url',
    code: 'saml_encoding',
    attack: (kit) => fields(kit, `-_${toBase64(kit.seal()).slice(2)}`),
  },
  {
    family,
    name: 'UTF-16',
    code: 'saml_encoding',
    attack: (kit) => fields(kit, Buffer.from(`\uFEFF${kit.seal()}`, 'utf16le').toString('base64')),
  },
  {
    family,
    name: 'another encoding declared',
    code: 'saml_encoding',
    attack: (kit) => `<?xml version="1.0" encoding="UTF-7"?>${kit.seal()}`,
    twin: (kit) => `<?xml version="1.0" encoding="utf-8"?>${kit.seal()}`,
  },
  {
    family,
    name: 'broken UTF-8',
    code: 'saml_encoding',
    attack: (kit) => {
      const bytes = Buffer.from(kit.seal())
      const at = bytes.indexOf('aws-readers')
      bytes[at] = 0xff
      return fields(kit, bytes.toString('base64'))
    },
  },
  {
    family,
    name: 'an overlong form of a character',
    code: 'saml_encoding',
    attack: (kit) => {
      const bytes = Buffer.from(kit.seal())
      bytes.set([0xc0, 0xbc], bytes.indexOf('aws-readers'))
      return fields(kit, bytes.toString('base64'))
    },
  },
  {
    family,
    name: 'NUL',
    code: 'saml_xml_malformed',
    attack: (kit) => kit.seal().replace('aws-readers', 'aws\0readers'),
  },
  {
    family,
    name: 'eight megabytes',
    code: 'saml_too_large',
    attack: (kit) => kit.seal({ attributes: { groups: ['x'.repeat(8_000_000)] } }),
    twin: (kit) => kit.seal({ attributes: { groups: ['x'.repeat(100_000)] } }),
  },
  {
    family,
    name: 'one byte more than is allowed',
    code: 'saml_too_large',
    attack: (kit) => {
      const xml = kit.seal()
      return xml + ' '.repeat(128 * 1024 + 1 - Buffer.byteLength(xml))
    },
    twin: (kit) => {
      const xml = kit.seal()
      return xml + ' '.repeat(128 * 1024 - Buffer.byteLength(xml))
    },
  },
  {
    family,
    name: 'thousands of elements in each other',
    code: 'saml_xml_too_deep',
    attack: (kit) =>
      kit
        .seal()
        .replace('<samlp:Status>', `${'<a>'.repeat(9000)}${'</a>'.repeat(9000)}<samlp:Status>`),
  },
  {
    family,
    name: 'thousands of elements beside each other',
    code: 'saml_xml_too_many',
    attack: (kit) => kit.seal().replace('<samlp:Status>', `${'<a/>'.repeat(11_000)}<samlp:Status>`),
  },
  {
    family,
    name: 'thousands of attributes',
    code: 'saml_xml_too_many',
    attack: (kit) => {
      const many = Array.from({ length: 5000 }, (_, i) => ` a${String(i)}="b"`).join('')
      return kit.seal().replace('<samlp:Status>', `<samlp:Status${many}>`)
    },
  },
]
