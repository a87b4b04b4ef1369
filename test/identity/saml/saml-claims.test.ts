import { describe, expect, test } from 'vitest'
import { readAwsRoles } from '../../../src/identity/saml/aws-role-attribute.ts'
import { readClaims } from '../../../src/identity/saml/saml-claims.ts'
import { SamlRefusal } from '../../../src/identity/saml/saml-refusal.ts'
import { samlPresets } from '../../../src/identity/saml/saml-presets.ts'
import { samlDefaults, type SamlAttributeNames } from '../../../src/identity/saml/saml-settings.ts'
import { readAttributes } from '../../../src/identity/saml/read-attributes.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { assertion, attributeElement } from '../../support/saml/saml-response.ts'

const names: SamlAttributeNames = {
  ...samlDefaults.attributes,
  groups: ['groups', 'memberOf'],
  session: { team: ['team'], ['__proto__']: ['team'] },
}
const nameId = {
  value: 'alice',
  format: undefined,
  nameQualifier: undefined,
  spNameQualifier: undefined,
}

function attributesOf(...statements: string[]) {
  return readAttributes(
    readXml(`<saml:Assertion xmlns:saml="${assertion}">${statements.join('')}</saml:Assertion>`),
  )
}

const statement = (...inner: string[]) =>
  `<saml:AttributeStatement>${inner.join('')}</saml:AttributeStatement>`

const claims = (attributes: Record<string, string[]>, more: Partial<SamlAttributeNames> = {}) =>
  readClaims({ nameId, attributes: new Map(Object.entries(attributes)) }, { ...names, ...more })

describe('attributes', () => {
  test('of one name are merged, duplicates kept', () => {
    const found = attributesOf(
      statement(attributeElement('Role', ['a']), attributeElement('Role', ['b', 'b'])),
      statement(attributeElement('Role', ['c'])),
    )
    expect(found.get('Role')).toEqual(['a', 'b', 'b', 'c'])
  })

  test('named __proto__ or constructor are attributes like any other', () => {
    const found = attributesOf(
      statement(attributeElement('__proto__', ['x']), attributeElement('constructor', ['y'])),
    )
    expect([...found.keys()]).toEqual(['__proto__', 'constructor'])
    const { attributes } = claims({ team: ['blue'] })
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
    expect(Object.entries(attributes)).toEqual([
      ['team', ['blue']],
      ['__proto__', ['blue']],
    ])
  })

  test('that wrap a NameID give its text', () => {
    const inner =
      '<saml:Attribute Name="id"><saml:AttributeValue><saml:NameID>x</saml:NameID></saml:AttributeValue></saml:Attribute>'
    expect(attributesOf(statement(inner)).get('id')).toEqual(['x'])
  })
})

describe('claims', () => {
  test('take groups from the first name that is present, whole DNs, without duplicates', () => {
    const group = 'CN=AWS\\, Readers,OU=AWS,DC=corp,DC=example'
    expect(claims({ memberOf: [group, group, ''], other: ['x'] }).groups).toEqual([group])
    expect(claims({ groups: ['a'], memberOf: ['b'] }).groups).toEqual(['a'])
  })

  test('name the person by the NameID, or by one value of an attribute', () => {
    expect(claims({}).id).toBe('alice')
    expect(claims({ oid: ['42'] }, { id: ['oid'] })).toMatchObject({ id: '42', name: 'alice' })
    for (const oid of [[], [''], ['a', 'b'], [' a'], ['a\u0000']])
      expect(() => claims({ oid }, { id: ['oid'] })).toThrow(SamlRefusal)
  })

  test('leave out a display name that no one could read', () => {
    expect(claims({ d: ['a\u202Eb'] }, { displayName: ['d'] }).displayName).toBeUndefined()
    expect(claims({ d: [' Alice Ünders <&> '] }, { displayName: ['d'] }).displayName).toBe(
      'Alice Ünders <&>',
    )
  })

  test.each(Object.keys(samlPresets))('the preset %s names the AWS role attribute', (preset) => {
    const found = Object.entries(samlPresets).find(([name]) => name === preset)?.[1]
    expect(found?.attributes?.awsRoles).toEqual(['https://aws.amazon.com/SAML/Attributes/Role'])
  })
})

describe('the AWS role attribute', () => {
  const roleArn = 'arn:aws:iam::111111111111:role/team/Read,Only'
  const providerArn = 'arn:aws:iam::111111111111:saml-provider/Corp.SSO'

  test.each([
    `${roleArn},${providerArn}`,
    `${providerArn},${roleArn}`,
    `  ${roleArn} ,\n ${providerArn} `,
  ])('reads %j', (value) => {
    expect(readAwsRoles([value, value])).toEqual({
      pairs: [{ roleArn, providerArn }],
      malformed: [],
    })
  })

  test.each([
    roleArn,
    `${roleArn},${roleArn}`,
    `${providerArn},${providerArn}`,
    `${roleArn},${providerArn},${roleArn}`,
    `${roleArn};${providerArn}`,
    `arn:aws:iam::1:role/x,${providerArn}`,
    'arn:aws:iam::111111111111:role/a b,arn:aws:iam::111111111111:saml-provider/x',
    'arn:aws:iam::*:role/x,arn:aws:iam::111111111111:saml-provider/x',
    '',
  ])('passes over %j and says so', (value) => {
    expect(readAwsRoles([value])).toEqual({ pairs: [], malformed: [value] })
  })

  test('passes over endless white space without looking at it again and again', () => {
    const value = `${roleArn}${'\t'.repeat(200_000)};`
    const start = performance.now()
    expect(readAwsRoles([value]).pairs).toEqual([])
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  test('reads other partitions', () => {
    const pair =
      'arn:aws-us-gov:iam::111111111111:role/a,arn:aws-us-gov:iam::111111111111:saml-provider/b'
    expect(readAwsRoles([pair]).pairs).toHaveLength(1)
  })
})
