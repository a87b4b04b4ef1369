import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { base, faultLines, readOnly } from './configuration.ts'

const guide = readFileSync(new URL('../../docs/issuers.md', import.meta.url), 'utf8')
const [, section = ''] = guide.split('What each can do with the settings of a role:\n')
const [head = [], , ...rows] =
  section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', ''))) ?? []

const place = {
  trustAnchorArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:profile/p1',
}
const own = { ...place, certificate: 'keys/postern.pem' }
const source = { type: 'roles-anywhere', ...own, roleArn: 'arn:aws:iam::111111111111:role/Postern' }
const keys = [{ certificate: 'keys/saml.pem' }]
const issuers: Readonly<Record<string, object>> = {
  AssumeRole: { type: 'assume-role' },
  'AssumeRole with a certificate': { type: 'assume-role', source },
  'AssumeRoleWithSAML, passing on': { type: 'assume-role-with-saml', signIn: 'adfs' },
  'AssumeRoleWithSAML, as provider': {
    type: 'assume-role-with-saml',
    identityProvider: { name: 'Postern', keys },
  },
  'Roles Anywhere, one certificate': { type: 'roles-anywhere', ...own },
  'Roles Anywhere, one each': {
    type: 'roles-anywhere',
    ...place,
    authority: { certificate: 'keys/ca.pem' },
  },
  GetFederationToken: { type: 'federation-token' },
}
const adfs = {
  id: 'adfs',
  people: 'staff',
  type: 'saml',
  metadata: './adfs.xml',
  entityId: 'urn:amazon:webservices',
}
const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']
const settings: Readonly<Record<string, (cell: string) => object>> = {
  tags: (cell) => ({ tags: { [cell.startsWith('x509') ? 'x509Subject/OU' : 'Team']: 'red' } }),
  sourceIdentity: () => ({ sourceIdentity: '${name}' }),
  'policy, policyArns': () => ({ policyArns }),
  externalId: () => ({ externalId: 'postern' }),
}
/** What a cell says where the setting may stand at a role. */
const taken = /^(?:yes|needed|the common name|x509Subject)/

describe('what the guide says that an issuer can do', () => {
  test('is said of every issuer and setting', () => {
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(issuers))
    expect(head).toEqual(expect.arrayContaining(Object.keys(settings)))
  })

  test.each(rows)('%s%s: is what check-config takes', (_edge, name = '', ...cells) => {
    for (const [setting, make] of Object.entries(settings)) {
      const cell = cells[head.indexOf(setting) - 2] ?? ''
      const needed = name === 'GetFederationToken' ? { policyArns } : {}
      const document = {
        ...base,
        signIn: [...base.signIn, adfs],
        issuers: { one: issuers[name] },
        roles: [{ arn: readOnly, ...needed, ...make(cell) }],
      }
      expect(faultLines(document).length === 0, `${name}, ${setting}: ${cell}`).toBe(
        taken.test(cell),
      )
    }
  })
})
