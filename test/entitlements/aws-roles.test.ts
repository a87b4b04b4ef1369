import { describe, expect, test } from 'vitest'
import type { Catalogue, Grant, Role } from '../../src/entitlements/catalogue.ts'
import { authorize, entitlementsOf } from '../../src/entitlements/decide.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { catalogueOf, identityOf, roleOf } from '../support/broker-fakes.ts'

const admin = 'arn:aws:iam::111111111111:role/Admin'
const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const elsewhere = 'arn:aws:iam::222222222222:role/Admin'
const providerArn = 'arn:aws:iam::111111111111:saml-provider/Corp'

const configured = roleOf(readOnly, { issuer: 'hub', description: 'Look' })
const byAttribute: Grant = {
  path: 'signIn[0].awsRoles',
  people: 'staff',
  grantee: { kind: 'aws-roles', method: 'corp', accounts: new Set(['111111111111']) },
  roles: [],
  template: roleOf(admin, { issuer: 'saml' }),
}

function catalogue(...grants: readonly Grant[]): Catalogue {
  const accounts = [configured.account, { id: '222222222222', name: 'Two', tone: 'calm' as const }]
  return {
    ...catalogueOf(configured),
    accounts: new Map(accounts.map((account) => [account.id, account])),
    grants,
  }
}

function given(...roles: readonly string[]): Identity {
  const awsRoles = roles.map((roleArn) => ({ roleArn, providerArn }))
  return { ...identityOf('alice', []), method: 'corp', awsRoles }
}

const rolesOf = (identity: Identity, ...grants: readonly Grant[]): readonly Role[] =>
  entitlementsOf(identity, catalogue(...grants)).map(({ role }) => role)

describe('roles that a provider gives by the AWS role attribute', () => {
  test('are had without a grant, in the accounts that are listed', () => {
    const roles = rolesOf(given(admin, elsewhere), byAttribute)
    expect(roles.map(({ arn }) => arn.arn)).toEqual([admin])
  })

  test('are nothing where the configuration does not say so', () => {
    expect(rolesOf(given(admin))).toEqual([])
  })

  test.each<[string, Partial<Identity>]>([
    ['another method', { method: 'other' }],
    ['another population', { person: { people: 'guests', id: 'alice' } }],
  ])('are nothing from %s', (_, change) => {
    expect(rolesOf({ ...given(admin), ...change }, byAttribute)).toEqual([])
  })

  test('never come with the issuer of a role that was configured for others', () => {
    const [role] = rolesOf(given(readOnly), byAttribute)
    expect(role).toMatchObject({ description: 'Look', issuer: 'saml' })
  })

  test('keep the issuer of a grant that names the person as well', () => {
    const named: Grant = {
      path: 'grants[0]',
      people: 'staff',
      grantee: { kind: 'user', user: 'alice' },
      roles: [readOnly],
      template: undefined,
    }
    const entitlement = authorize(given(readOnly), catalogue(named, byAttribute), readOnly)
    expect(entitlement?.role.issuer).toBe('hub')
    expect(entitlement?.grants.map(({ path }) => path)).toEqual(['grants[0]', 'signIn[0].awsRoles'])
  })

  test('are nothing where the value is no role', () => {
    expect(
      rolesOf(given(`${admin}/`, 'arn:aws:iam::111111111111:role/*', ''), byAttribute),
    ).toEqual([])
  })
})
