import { describe, expect, test } from 'vitest'
import { callIn, chain, said } from './anywhere-client.ts'
import { anywhereWorld, intermediate, trustsService, WORKLOAD } from './anywhere-world.ts'
import { certify } from './certificates.ts'

describe('session tags', () => {
  const holder = certify({
    issuer: intermediate,
    subject: [
      ['C', 'US'],
      ['O', 'Example Org'],
      ['OU', 'Security'],
      ['OU', 'Engineering'],
      ['CN', 'build(01)'],
    ],
    dns: ['one.example', 'two.example'],
    uris: ['spiffe://example/one', 'spiffe://example/two'],
    directoryNames: [[['CN', 'first']], [['CN', 'second']]],
  })

  async function allowed(
    tag: string,
    value: string,
    profile: Parameters<typeof anywhereWorld>[0] = {},
    operator = 'StringEquals',
  ): Promise<string> {
    const trust = trustsService({ [operator]: { [`aws:PrincipalTag/${tag}`]: value } })
    return said(await callIn(anywhereWorld({ ...profile, trust }), { holder, chain }))
  }

  test.each([
    ['x509Subject/C', 'US'],
    ['x509Subject/O', 'Example Org'],
    ['x509Subject/OU', 'Security/Engineering'],
    ['x509Issuer/CN', 'Intermediate'],
    ['x509SAN/DNS', 'one.example'],
    ['x509SAN/URI', 'spiffe://example/one'],
    ['x509SAN/Name/CN', 'first'],
  ])('%s is %s', async (tag, value) => {
    expect(await allowed(tag, value)).toBe('201')
    expect(await allowed(tag, `${value}x`)).toMatch(/^403 AccessDeniedException: Unable to assume/)
  })

  test('a value that is no legal tag is dropped, which a denial tells', async () => {
    expect(await allowed('x509Subject/CN', 'build(01)')).toBe(
      `403 AccessDeniedException: Unable to assume role for ${WORKLOAD}. Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]`,
    )
    expect(await allowed('x509Subject/CN', 'mallory', {}, 'StringNotEquals')).toBe('201')
  })

  test("follow the profile's mapping", async () => {
    const profile = {
      profile: {
        attributeMappings: [
          { field: 'x509Subject', specifiers: ['OU'] },
          { field: 'x509SAN', specifiers: ['DNS/2', 'Name'] },
        ],
      },
    } as const
    expect(await allowed('x509Subject/OU', 'Security/Engineering', profile)).toBe('201')
    expect(await allowed('x509SAN/DNS/2', 'two.example', profile)).toBe('201')
    expect(await allowed('x509SAN/Name/CN', 'first', profile)).toBe('201')
    expect(await allowed('x509Subject/O', 'Example Org', profile)).toMatch(/^403/)
    expect(await allowed('x509Issuer/CN', 'Intermediate', profile)).toMatch(/^403/)
  })
})
