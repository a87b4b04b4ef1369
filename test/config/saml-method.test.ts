import { describe, expect, test } from 'vitest'
import { makeTestKey } from '../support/saml/self-signed.ts'
import { samlCast } from '../support/saml/saml-cast.ts'
import { base, faultLines, faultPaths, load } from './configuration.ts'

const { serviceProvider, decryption } = samlCast()
const files = {
  'sp.pem': serviceProvider.certificate,
  'sp.key': serviceProvider.privateKey,
  'decryption.pem': decryption.certificate,
  'decryption.key': decryption.privateKey,
  'weak.pem': makeTestKey({ subject: 'weak', bits: 1024 }).certificate,
}
const pair = (name: string) => ({
  certificate: `\${file:${name}.pem}`,
  key: `\${file:${name}.key}`,
})
const method = { id: 'corp', type: 'saml', metadata: './idp.xml' }

const withMethod = (change: object) => ({ ...base, signIn: [{ ...method, ...change }], grants: [] })
const faults = (change: object) => faultPaths(withMethod(change), { files })

function samlOf(change: object = {}) {
  const [found] = load(withMethod(change), { files }).signIn
  if (found?.type !== 'saml') throw new Error('expected a SAML method')
  return found
}

describe('a SAML method', () => {
  test('needs no more than an ID and metadata', () => {
    expect(samlOf()).toMatchObject({
      label: 'Company sign-in',
      people: 'corp',
      metadata: {
        location: { file: '/etc/postern/idp.xml' },
        signedBy: undefined,
        allowPrivateAddresses: false,
      },
      maxSize: 131_072,
      clockSkew: 120,
      idpInitiated: undefined,
      logout: true,
    })
  })

  test('takes metadata by address, fingerprints in either writing, and names one by one or several', () => {
    const hex = 'ab'.repeat(32)
    const found = samlOf({
      metadata: 'https://idp.corp.example/metadata',
      metadataFingerprints: [hex, hex.toUpperCase().replace(/..(?=.)/g, '$&:')],
      attributes: { id: 'uid', groups: ['memberOf', 'groups'], session: { team: 'department' } },
    })
    expect(found.metadata.location).toEqual({ url: 'https://idp.corp.example/metadata' })
    expect(found.metadata.fingerprints).toEqual([hex, hex])
    expect(found.attributes).toMatchObject({
      id: ['uid'],
      groups: ['memberOf', 'groups'],
      session: { team: ['department'] },
    })
  })

  test('takes two keys for signing and keys of their own for decryption', () => {
    const found = samlOf({ signing: [pair('sp')], decryption: [pair('decryption')] })
    expect(found.signing[0]?.key.reveal()).toContain('PRIVATE KEY')
    expect(JSON.stringify(found)).not.toContain('PRIVATE KEY')
  })

  test.each([
    [{ metadata: 'http://idp.corp.example/metadata' }, 'metadata'],
    [{ metadata: 'ftp://idp.corp.example/metadata' }, 'metadata'],
    [{ metadata: 'https://user:secret@idp.corp.example/' }, 'metadata'],
    [{ metadata: 'http://localhost:3002/metadata' }, 'metadata'],
    [{ metadata: '' }, 'metadata'],
    [{ metadataPrivate: true }, 'metadataPrivate'],
    [{ metadataFingerprints: ['abc'] }, 'metadataFingerprints[0]'],
    [{ metadataSignedBy: '${file:weak.pem}' }, 'metadataSignedBy'],
    [{ metadataSignedBy: 'no certificate' }, 'metadataSignedBy'],
    [{ preset: 'onelogin' }, 'preset'],
    [{ signed: 'none' }, 'signed'],
    [{ clockSkew: '1h' }, 'clockSkew'],
    [{ maxSize: 10_000_000 }, 'maxSize'],
    [{ idpInitiated: { landings: ['https://evil.example/'] } }, 'idpInitiated.landings[0]'],
    [{ idpInitiated: { landings: ['//evil.example/'] } }, 'idpInitiated.landings[0]'],
    [{ idpInitiated: { landings: ['/\\evil.example/'] } }, 'idpInitiated.landings[0]'],
    [{ idpInitiated: true }, 'idpInitiated'],
    [{ attributes: { groups: [] } }, 'attributes.groups'],
    [{ attributes: { group: 'x' } }, 'attributes.group'],
    [{ signing: [{ certificate: '${file:sp.pem}', key: 'literal' }] }, 'signing[0].key'],
    [
      { signing: [{ certificate: '${file:sp.pem}', key: '${file:decryption.key}' }] },
      'signing[0].key',
    ],
    [{ signing: [pair('sp')], decryption: [pair('sp')] }, 'decryption[0]'],
    [{ awsRoles: { accounts: [], issuer: 'hub' } }, 'awsRoles.accounts'],
    [{ awsRoles: { accounts: ['333333333333'], issuer: 'hub' } }, 'awsRoles.accounts[0]'],
    [{ awsRoles: { accounts: ['111111111111'], issuer: 'hubb' } }, 'awsRoles.issuer'],
    [{ awsRoles: { accounts: ['111111111111'] } }, 'awsRoles.issuer'],
    [{ users: [] }, 'users'],
  ])('is not taken with %j', (change, path) => {
    expect(faults(change)).toEqual([`signIn[0].${path}`])
  })

  test('is told all its faults at once', () => {
    expect(
      faults({ metadata: 'http://x/', signed: 'none', awsRoles: { accounts: ['333333333333'] } }),
    ).toEqual([
      'signIn[0].metadata',
      'signIn[0].signed',
      'signIn[0].awsRoles.issuer',
      'signIn[0].awsRoles.accounts[0]',
    ])
  })

  test('gives roles by the AWS role attribute with no issuer that was meant for others', () => {
    const awsRoles = { accounts: ['111111111111'] }
    const lines = faultLines({ ...withMethod({ awsRoles }), defaults: { issuer: 'hub' } })
    expect(lines.join()).toMatch(/awsRoles\.issuer.*the provider then chooses roles/)
    const [grant] = load(withMethod({ awsRoles: { ...awsRoles, issuer: 'hub' } })).grants
    expect(grant).toMatchObject({
      path: 'signIn[0].awsRoles',
      people: 'corp',
      grantee: { kind: 'aws-roles', method: 'corp', accounts: new Set(['111111111111']) },
      template: { issuer: 'hub' },
    })
  })
})
