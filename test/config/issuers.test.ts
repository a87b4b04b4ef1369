import { describe, expect, test } from 'vitest'
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { base, faultLines, load, readOnly } from './configuration.ts'

const place = {
  type: 'roles-anywhere',
  trustAnchorArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:profile/p1',
}
const anywhere = { ...place, certificate: 'keys/postern.pem' }
const authority = { certificate: 'keys/ca.pem', privateKey: 'pkcs11:token=ca;object=key' }

function withIssuer(issuer: object, role: object = {}) {
  return { ...base, issuers: { one: issuer }, roles: [{ arn: readOnly, ...role }] }
}

describe('Roles Anywhere', () => {
  test('takes paths from the folder of the configuration, and URIs as they are', () => {
    const own = load(withIssuer(anywhere)).issuers.get('one')
    expect(own).toMatchObject({
      type: 'roles-anywhere',
      sendSessionName: true,
      limit: { perSecond: 8, waiting: 40 },
      key: { use: 'own', place: { certificate: '/etc/postern/keys/postern.pem' } },
    })
    const made = load(withIssuer({ ...place, authority })).issuers.get('one')
    expect(made).toMatchObject({
      key: {
        use: 'authority',
        place: {
          certificate: '/etc/postern/keys/ca.pem',
          privateKey: 'pkcs11:token=ca;object=key',
        },
      },
    })
  })

  test('serves as source of base credentials', () => {
    const source = { ...anywhere, roleArn: 'arn:aws:iam::111111111111:role/Postern' }
    const { issuers } = load(withIssuer({ type: 'assume-role', source }))
    const named = withIssuer({ type: 'assume-role', source }, { sourceIdentity: '${name}' })
    expect(faultLines(named).join()).toContain("AssumeRole from a certificate can't tell AWS")
    expect(issuers.get('one')).toMatchObject({
      source: { type: 'roles-anywhere', key: { certificate: '/etc/postern/keys/postern.pem' } },
    })
  })

  test.each([
    ['neither certificate nor authority', place, 'either a certificate or an authority'],
    ['both', { ...anywhere, authority }, 'either a certificate or an authority'],
    [
      'a profile of another region',
      { ...anywhere, profileArn: anywhere.profileArn.replace('eu-west-1', 'us-east-1') },
      'in the account and region of the trust anchor',
    ],
    ['a role for a profile', { ...anywhere, profileArn: readOnly }, 'an ARN such as arn:aws:roles'],
    ['a passphrase as it is', { ...anywhere, passphrase: 'hunter2' }, 'a secret never stands here'],
  ])('refuses %s', (_what, issuer, expected) => {
    const lines = faultLines(withIssuer(issuer))
    expect(lines.join()).toContain(expected)
    expect(lines.join()).not.toContain('hunter2')
  })
})

describe('what an issuer can not tell AWS must not stand at its roles', () => {
  test.each<[string, object]>([
    ['policy', { policy: { Version: '2012-10-17', Statement: [] } }],
    ['policyArns', { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }],
    ['tags', { tags: { Team: 'red' } }],
    ['sourceIdentity', { sourceIdentity: '${name}' }],
    ['externalId', { externalId: 'postern' }],
  ])('%s with a certificate for everybody', (name, settings) => {
    expect(faultLines(withIssuer(anywhere, settings)).join()).toContain(
      `expected no ${name}, because IAM Roles Anywhere can't tell AWS`,
    )
    expect(faultLines(withIssuer({ type: 'assume-role' }, settings))).toEqual([])
  })

  test('also where it comes from the defaults', () => {
    const document = { ...withIssuer(anywhere), defaults: { externalId: 'postern' } }
    expect(faultLines(document).join()).toContain('externalId, from defaults')
  })

  test('a certificate for each person carries a source identity, and tags that AWS makes of a subject', () => {
    const people = { ...place, authority }
    const fine = { sourceIdentity: '${name}', tags: { 'x509Subject/OU': 'red' } }
    expect(faultLines(withIssuer(people, fine))).toEqual([])
    expect(faultLines(withIssuer(people, { tags: { Team: 'red' } })).join()).toContain(
      'x509Subject/ with C, L, O, OU or ST',
    )
  })

  test('a role of another account than the trust anchor', () => {
    const elsewhere = {
      ...withIssuer(anywhere, { arn: 'arn:aws:iam::222222222222:role/ReadOnly' }),
      accounts: { '222222222222': { name: 'Development' } },
      grants: [],
    }
    expect(faultLines(elsewhere).join()).toContain(
      'one with a trust anchor in 222222222222, because IAM Roles Anywhere stays within an account',
    )
  })
})

describe('a second region for STS', () => {
  const endpoints = { sts: 'https://sts.example' }
  test('needs an address where the first has one', () => {
    const failOver = { region: 'eu-central-1' }
    expect(load({ ...base, aws: { failOver } }).aws.failOver).toEqual({
      region: 'eu-central-1',
      sts: undefined,
    })
    expect(faultLines({ ...base, aws: { failOver, endpoints } }).join()).toContain(
      'the address of STS in the second region',
    )
    const both = { failOver: { ...failOver, sts: 'https://sts2.example' }, endpoints }
    expect(faultLines({ ...base, aws: both })).toEqual([])
  })
})

describe('a federation token', () => {
  const issuer = { type: 'federation-token', source: { type: 'profile', name: 'hub' } }
  const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']

  test('needs a session policy at each role, of its own or from the defaults', () => {
    expect(faultLines(withIssuer(issuer)).join()).toContain('may do nothing without')
    expect(faultLines(withIssuer(issuer, { policyArns }))).toEqual([])
    expect(faultLines({ ...withIssuer(issuer), defaults: { policyArns } })).toEqual([])
  })

  test.each(['sourceIdentity', 'externalId'])('carries no %s', (name) => {
    const lines = faultLines(withIssuer(issuer, { policyArns, [name]: 'bob' }))
    expect(lines.join()).toContain(`no ${name}, because GetFederationToken can't tell AWS`)
  })
})

describe('Postern as identity provider', () => {
  const issuer = {
    type: 'assume-role-with-saml',
    identityProvider: {
      name: 'Postern',
      keys: [{ certificate: 'keys/saml.pem', privateKey: 'keys/saml.key' }],
    },
  }

  test('takes everything of a role but an external ID', () => {
    const role = { tags: { Team: 'red' }, transitiveTags: ['Team'], sourceIdentity: '${name}' }
    expect(faultLines(withIssuer(issuer, role))).toEqual([])
    expect(faultLines(withIssuer(issuer, { externalId: 'postern' })).join()).toContain(
      "no externalId, because AssumeRoleWithSAML can't tell AWS",
    )
  })

  test('has paths from the folder of the configuration', () => {
    expect(load(withIssuer(issuer)).issuers.get('one')).toMatchObject({
      assertions: {
        from: 'identity-provider',
        keys: [
          { certificate: '/etc/postern/keys/saml.pem', privateKey: '/etc/postern/keys/saml.key' },
        ],
      },
    })
  })

  test('is one, because there is one metadata', () => {
    const two = { ...base, issuers: { one: issuer, two: issuer }, roles: [], grants: [] }
    expect(faultLines(two).join()).toContain('at most one issuer with identityProvider')
  })
})

describe('responses that are passed on', () => {
  const issuer = { type: 'assume-role-with-saml', signIn: 'adfs' }
  const adfs = {
    id: 'adfs',
    type: 'saml',
    metadata: './adfs.xml',
    entityId: 'urn:amazon:webservices',
  }
  const document = (method: object, signIn = 'adfs') => ({
    ...withIssuer({ ...issuer, signIn }),
    signIn: [...base.signIn, method],
  })

  test('are those of a SAML method that was set up for AWS', () => {
    expect(faultLines(document(adfs))).toEqual([])
    expect(load(document(adfs)).issuers.get('one')).toMatchObject({
      assertions: { from: 'sign-in', method: 'adfs' },
    })
  })

  test.each([
    ['a method that is none', adfs, 'adsf', 'perhaps adfs'],
    ['a method that is no SAML', adfs, 'local', 'a method of type saml'],
    [
      'a method for Postern alone',
      { ...adfs, entityId: undefined },
      'adfs',
      'expected urn:amazon:webservices, because the issuer one passes its responses on to AWS',
    ],
  ])('are not those of %s', (_what, method, signIn, expected) => {
    expect(faultLines(document(method, signIn)).join()).toContain(expected)
  })

  test('are not encrypted for Postern, because AWS has to read them', () => {
    const { certificatePem, keyPem } = issue({ keys: keyPairs.rsa2048() })
    const files = { 'sp.pem': certificatePem, 'sp.key': keyPem }
    const decryption = [{ certificate: '${file:sp.pem}', key: '${file:sp.key}' }]
    expect(faultLines(document({ ...adfs, decryption }), { files }).join()).toContain(
      'expected none, because the issuer one passes its responses on to AWS, which could not read',
    )
  })

  test('carry no tags and names of ours', () => {
    const tagged = { ...document(adfs), roles: [{ arn: readOnly, tags: { Team: 'red' } }] }
    expect(faultLines(tagged).join()).toContain(
      "no tags, because a response that is passed on can't",
    )
  })

  test('are not mixed with an identity provider of our own', () => {
    const keys = [{ certificate: 'a.pem' }]
    const both = { ...issuer, identityProvider: { name: 'Postern', keys } }
    expect(faultLines({ ...document(adfs), issuers: { one: both } }).join()).toContain(
      'either signIn or identityProvider',
    )
  })
})
