import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AccessDenied } from '../../src/errors.ts'
import { personSubject, personUri } from '../../src/issuers/person-subject.ts'
import { orderOf } from './orders.ts'

describe('the subject', () => {
  test('is the population and the role session name', () => {
    expect(personSubject(orderOf())).toEqual([
      ['O', 'staff'],
      ['CN', 'bob'],
    ])
  })

  test('is named by the source identity where one was decided', () => {
    expect(personSubject(orderOf({ sourceIdentity: 'staff+bob' })).at(-1)).toEqual([
      'CN',
      'staff+bob',
    ])
  })

  test('holds the tags that AWS is to make of it', () => {
    const tags = { 'x509Subject/OU': 'red', 'x509Subject/C': 'DE', 'x509Subject/O': 'Corp' }
    expect(personSubject(orderOf({ tags }))).toEqual([
      ['C', 'DE'],
      ['O', 'Corp'],
      ['OU', 'red'],
      ['CN', 'bob'],
    ])
  })

  test.each([
    ['an empty value, for AWS would make no tag of it', { 'x509Subject/OU': '' }],
    ['65 characters of OU', { 'x509Subject/OU': 'x'.repeat(65) }],
    ['129 characters of L', { 'x509Subject/L': 'x'.repeat(129) }],
    ['a country of three letters', { 'x509Subject/C': 'DEU' }],
  ])('is refused with %s', (_what, tags) => {
    expect(() => personSubject(orderOf({ tags }))).toThrow(AccessDenied)
  })

  test.each(['Team', 'x509Subject/CN', 'x509Issuer/O', 'x509Subject/ou', '__proto__'])(
    'never drops the tag %s in silence',
    (key) => {
      const tags = Object.fromEntries([[key, 'red']])
      expect(() => personSubject(orderOf({ tags }))).toThrow(TypeError)
    },
  )
})

describe('the URI of a person', () => {
  const people = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/)
  const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })

  test('is always a tag value that STS takes, and a URI', () => {
    fc.assert(
      fc.property(people, id, (population, name) => {
        const uri = personUri({ people: population, id: name })
        expect(uri).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u)
        expect(URL.canParse(uri)).toBe(true)
      }),
    )
  })

  test('is never that of another person', () => {
    fc.assert(
      fc.property(people, id, people, id, (somePeople, someId, otherPeople, otherId) => {
        const one = { people: somePeople, id: someId.toWellFormed() }
        const other = { people: otherPeople, id: otherId.toWellFormed() }
        const same = one.people === other.people && one.id === other.id
        expect(personUri(one) === personUri(other)).toBe(same)
      }),
    )
    const pairs: readonly (readonly [string, string])[] = [
      ['a=3ab', 'a:b'],
      ['=sha256=00', 'x'.repeat(300)],
      ['CN=Bob,DC=corp', 'CN=Bob,DC=Corp'],
    ]
    for (const [one, other] of pairs) {
      expect(personUri({ people: 'staff', id: one })).not.toBe(
        personUri({ people: 'staff', id: other }),
      )
    }
  })

  test('keeps what it can', () => {
    expect(personUri({ people: 'staff', id: 'bob@corp.example' })).toBe(
      'urn:postern:staff:bob@corp.example',
    )
    expect(personUri({ people: 'staff', id: 'Ünal (x)' })).toBe(
      'urn:postern:staff:=c3=9cnal=20=28x=29',
    )
  })
})
