import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { legalName, sessionParameters } from '../../src/entitlements/session-parameters.ts'
import type { SessionSettings } from '../../src/entitlements/catalogue.ts'
import { AccessDenied } from '../../src/errors.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { identityOf, plainSession } from './catalogue-fixture.ts'

const onePeople = { severalPeoples: false }
const parametersOf = (session: Partial<SessionSettings>, identity: Partial<Identity> = {}) =>
  sessionParameters(identityOf(identity), { session: { ...plainSession, ...session } }, onePeople)

const legal = /^[\w+=,.@-]{2,64}$/
const bob = { people: 'staff', id: 'bob' }

describe('a role session name', () => {
  test.each(['bob', 'bob@corp.example', 'a+b=c,d.e@f-g_h', 'ab', 'x'.repeat(64)])(
    'that AWS takes stays as it is: %s',
    (name) => {
      expect(legalName(name, bob)).toBe(name)
    },
  )

  test.each([
    ['CORP\\bob', /^CORP-bob=[0-9a-f]{12}$/],
    ['Zoë Müller', /^Zoe-Muller=[0-9a-f]{12}$/],
    ['b', /^b=[0-9a-f]{12}$/],
    ['李雷', /^-=[0-9a-f]{12}$/],
    ['x'.repeat(65), /^x{51}=[0-9a-f]{12}$/],
    ['bob\n', /^bob-=[0-9a-f]{12}$/],
  ])('is altered readably where AWS would refuse it: %j', (name, expected) => {
    expect(legalName(name, bob)).toMatch(expected)
  })

  test('is always legal, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (name, people, id) => {
        expect(legalName(name, { people, id })).toMatch(legal)
      }),
    )
  })

  test('is the same each time, and another for another person once it is altered', () => {
    const person = fc.record({ people: fc.string(), id: fc.string() })
    fc.assert(
      fc.property(fc.string({ minLength: 65 }), person, person, (name, one, other) => {
        expect(legalName(name, one)).toBe(legalName(name, one))
        const same = one.people === other.people && one.id === other.id
        expect(legalName(name, one) === legalName(name, other)).toBe(same)
      }),
    )
  })

  test('can’t be taken by somebody who is called like an altered one', () => {
    const altered = legalName('Zoë', { people: 'staff', id: 'zoe' })
    expect(legalName(altered, { people: 'staff', id: altered })).not.toBe(altered)
  })

  test('tells persons apart whose population and ID run together', () => {
    const name = 'x'.repeat(70)
    expect(legalName(name, { people: 'a', id: 'bc' })).not.toBe(
      legalName(name, { people: 'ab', id: 'c' }),
    )
  })

  test('is filled from the template', () => {
    const { roleSessionName } = parametersOf(
      { sessionName: '${people}+${name}.${attribute.team}' },
      { attributes: { team: ['red'] } },
    )
    expect(roleSessionName).toBe('staff+bob.red')
  })

  test('says whose bob it is with several populations, even where the template does not', () => {
    const names = ['staff', 'partners'].map(
      (people) =>
        sessionParameters(
          identityOf({ person: { people, id: 'bob' } }),
          { session: plainSession },
          { severalPeoples: true },
        ).roleSessionName,
    )
    expect(new Set(names).size).toBe(2)
  })

  test.each([
    '${email}',
    '${attribute.team}',
    '${attribute.constructor}',
    '${attribute.__proto__}',
  ])('is refused when the sign-in did not bring %s', (sessionName) => {
    expect(() => parametersOf({ sessionName })).toThrow(AccessDenied)
  })
})

describe('a source identity', () => {
  test('is off unless configured', () => {
    expect(parametersOf({}).sourceIdentity).toBeUndefined()
  })

  test('never starts with aws:', () => {
    const { sourceIdentity } = parametersOf({ sourceIdentity: '${name}' }, { name: 'aws:root' })
    expect(sourceIdentity).toMatch(/^aws-root=[0-9a-f]{12}$/)
  })
})

describe('session tags', () => {
  const tags = { Team: '${attribute.team}', Who: '${people}/${name}', Fixed: 'yes' }

  test('take their keys from the configuration and their values from the sign-in', () => {
    const parameters = parametersOf(
      { tags, transitiveTagKeys: ['Team'] },
      { attributes: { team: ['red & blue'.replace('&', '+')], Team: ['x'], Other: ['y'] } },
    )
    expect(parameters.tags).toEqual({ Team: 'red + blue', Who: 'staff/bob', Fixed: 'yes' })
    expect(parameters.transitiveTagKeys).toEqual(['Team'])
  })

  test.each([
    ['is missing', {}],
    ['is empty', { team: [''] }],
    ['has two values', { team: ['red', 'blue'] }],
    ['holds what AWS refuses', { team: ['red&blue'] }],
    ['is too long', { team: ['x'.repeat(257)] }],
    ['holds a control character', { team: ['red\u0000'] }],
  ])('refuse the role rather than weaken it when the attribute %s', (_, attributes) => {
    expect(() => parametersOf({ tags }, { attributes })).toThrow(AccessDenied)
  })

  test('tell in the refusal which attribute, and never its value', () => {
    const attributes = { team: ['s3cret&'] }
    expect(() => parametersOf({ tags }, { attributes })).toThrow(/"Team"/)
    expect(() => parametersOf({ tags }, { attributes })).not.toThrow(/s3cret/)
    expect(() => parametersOf({ tags })).toThrow(/attribute "team"/)
  })

  test('are not filled twice: a value that looks like a template stays text', () => {
    const attributes = { team: ['x'], evil: ['${name}'] }
    expect(() => parametersOf({ tags: { T: '${attribute.evil}' } }, { attributes })).toThrow(
      AccessDenied,
    )
  })
})
