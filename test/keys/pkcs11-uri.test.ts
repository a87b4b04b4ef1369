import { describe, expect, test } from 'vitest'
import { looksLikePkcs11Uri, parsePkcs11Uri } from '../../src/keys/pkcs11-uri.ts'
import { having, lacking, matching } from './matchers.ts'

describe('parses', () => {
  test('the empty URI, which names everything', () => {
    expect(parsePkcs11Uri('pkcs11:')).toEqual({
      text: {},
      id: undefined,
      slotId: undefined,
      query: {},
      vendor: new Map(),
    })
  })

  test('every attribute of the standard', () => {
    const uri = parsePkcs11Uri(
      'pkcs11:token=A;manufacturer=B;serial=C;model=D;library-manufacturer=E;library-version=3.1;' +
        'library-description=F;object=G;type=private;id=%01%ff;slot-manufacturer=H;slot-description=I;slot-id=327' +
        '?pin-value=12%2634&module-name=softhsm2&module-path=/usr/lib/x.so',
    )
    expect(uri).toEqual({
      text: {
        token: 'A',
        manufacturer: 'B',
        serial: 'C',
        model: 'D',
        'library-manufacturer': 'E',
        'library-version': '3.1',
        'library-description': 'F',
        object: 'G',
        type: 'private',
        'slot-manufacturer': 'H',
        'slot-description': 'I',
      },
      id: Buffer.from([1, 255]),
      slotId: 327n,
      query: { 'pin-value': '12&34', 'module-name': 'softhsm2', 'module-path': '/usr/lib/x.so' },
      vendor: new Map(),
    })
  })

  test('percent-encoding of any byte, UTF-8, and the reserved characters that need none', () => {
    const uri = parsePkcs11Uri(
      "pkcs11:token=The%20Software%20PKCS%2311;object=gr%C3%BCn:[a]@!$'()*+,=&b;id=%00%25",
    )
    expect(uri.text).toEqual({ token: 'The Software PKCS#11', object: "grün:[a]@!$'()*+,=&b" })
    expect(uri.id).toEqual(Buffer.from([0, 0x25]))
  })

  test('lines wrapped between attributes, and a scheme in capitals', () => {
    const uri = parsePkcs11Uri(
      'PKCS11:token=a;\n   object=b;\n   type=cert\n?pin-source=file:/etc/pin',
    )
    expect(uri.text).toEqual({ token: 'a', object: 'b', type: 'cert' })
    expect(uri.query).toEqual({ 'pin-source': 'file:/etc/pin' })
  })

  test('an empty value, which is not the same as none', () => {
    expect(parsePkcs11Uri('pkcs11:object=;id=')).toMatchObject({
      text: { object: '' },
      id: Buffer.alloc(0),
    })
  })

  test('attributes that it does not know, and leaves them aside', () => {
    const uri = parsePkcs11Uri('pkcs11:token=a;x-vendor=%41?x-query=1')
    expect(uri.vendor).toEqual(
      new Map([
        ['x-vendor', 'A'],
        ['x-query', '1'],
      ]),
    )
  })
})

describe('refuses', () => {
  test.for([
    ['another scheme', 'file:/etc/key', /does not start/],
    ['an attribute twice', 'pkcs11:token=a;token=b', /"token" stands in it twice/],
    ['a part without a value', 'pkcs11:token', /name=value/],
    ['a part without a name', 'pkcs11:=a', /name=value/],
    ['an empty part', 'pkcs11:token=a;;object=b', /name=value/],
    ['a bare space', 'pkcs11:token=My Token', /"token".*percent-encoded/],
    ['a slash in the path', 'pkcs11:token=a/b', /percent-encoded/],
    ['a broken escape', 'pkcs11:token=%4', /percent-encoded/],
    ['bytes that are no UTF-8', 'pkcs11:token=%ff', /not UTF-8/],
    ['a type that does not exist', 'pkcs11:type=key', /"type"/],
    ['a slot that is no number', 'pkcs11:slot-id=0x1', /slot-id/],
    ['a library version that is none', 'pkcs11:library-version=a', /library-version/],
    ['both ways to give a PIN', 'pkcs11:?pin-value=1&pin-source=file:/a', /both/],
    ['a URI without end', `pkcs11:token=${'a'.repeat(5000)}`, /longer/],
  ] as const)('%s', ([, uri, message]) => {
    expect(() => parsePkcs11Uri(uri)).toThrow(
      having({ code: 'bad_uri', message: matching(message) }),
    )
  })

  test('without repeating the PIN', () => {
    expect(() => parsePkcs11Uri('pkcs11:token=a?pin-value=12 34')).toThrow(
      having({ message: lacking('34') }),
    )
  })
})

test('tells a URI from a path', () => {
  expect(looksLikePkcs11Uri('pkcs11:token=a')).toBe(true)
  expect(looksLikePkcs11Uri('/etc/pkcs11:key.pem')).toBe(false)
})
