import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { base } from '../../config/configuration.ts'
import { configFile } from '../config-file.ts'

import { run, templateOf, resolved, properties, type Template } from './setup-lab.ts'

describe('responses that are passed on', () => {
  const method = { id: 'adfs', type: 'saml', entityId: 'urn:amazon:webservices' }

  test('need a provider in each account whose roles are named by them, and say which trust', async () => {
    const accounts = ['111111111111', '222222222222']
    const file = configFile({
      ...base,
      signIn: [...base.signIn, { ...method, metadata: './adfs.xml', awsRoles: { accounts } }],
      issuers: { one: { type: 'assume-role-with-saml', signIn: 'adfs' } },
      accounts: Object.fromEntries(accounts.map((id) => [id, { name: `Account ${id}` }])),
      roles: [],
      grants: [],
    })
    writeFileSync(join(dirname(file), 'adfs.xml'), '<EntityDescriptor/>')
    for (const account of accounts) {
      const { code, text, errors } = await run('--account', account, '--config', file)
      expect(code, errors()).toBe(0)
      expect(properties(parse(text()) as Template, 'AWS::IAM::SAMLProvider')).toEqual([
        { Name: 'postern-adfs', SamlMetadataDocument: '<EntityDescriptor/>' },
      ])
      expect(errors()).toContain('where SAML:aud is https://aws.corp.example/saml/adfs/acs')
    }
  })

  test('have the trust policy that the guide shows', async () => {
    const guide = readFileSync(new URL('../../../docs/issuers.md', import.meta.url), 'utf8')
    const [, shown = ''] = /```json\n([^]*?)```/.exec(guide) ?? []
    const file = configFile({
      ...base,
      signIn: [...base.signIn, { ...method, metadata: 'https://adfs.corp.example/metadata' }],
      issuers: { one: { type: 'assume-role-with-saml', signIn: 'adfs' } },
    })
    const template = await templateOf(file)
    const OneSamlProvider = 'arn:aws:iam::111111111111:saml-provider/postern-adfs'
    const made = resolved(template.Resources, { OneSamlProvider, OneMetadata: '<x/>' })
    const [role] = properties({ Resources: made as Template['Resources'] }, 'AWS::IAM::Role')
    expect(role?.['AssumeRolePolicyDocument']).toEqual(JSON.parse(shown))
  })

  test('are trusted for Postern’s own address only, and the relying party is named', async () => {
    const adfs = {
      id: 'adfs',
      type: 'saml',
      metadata: './adfs.xml',
      entityId: 'urn:amazon:webservices',
    }
    const file = configFile({
      ...base,
      signIn: [...base.signIn, adfs],
      issuers: { one: { type: 'assume-role-with-saml', signIn: 'adfs' } },
    })
    const { code, text, errors } = await run('--config', file)
    expect(code).toBe(0)
    expect(text()).toContain('SAML:aud: https://aws.corp.example/saml/adfs/acs')
    expect(errors()).toContain(
      'audience urn:amazon:webservices and the recipient https://aws.corp.example/saml/adfs/acs',
    )
  })
})
