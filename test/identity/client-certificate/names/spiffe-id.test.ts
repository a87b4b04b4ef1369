import 'reflect-metadata'
import { describe, expect, test } from 'vitest'
import type { IdentitySource } from '../../../../src/identity/client-certificate/identity-source.ts'
import type { CertificatePlan } from '../../../support/certificates/test-authority.ts'
import { nameIn, spiffe } from '../name-in.ts'

describe('refuses', () => {
  test.each<[string, CertificatePlan, IdentitySource, string]>([
    [
      'a SPIFFE ID of another trust domain',
      { names: [{ type: 'url', value: 'spiffe://evil.example/ci' }] },
      spiffe,
      'certificate_name_foreign',
    ],
    [
      'a SPIFFE ID whose trust domain only ends so',
      { names: [{ type: 'url', value: 'spiffe://evil-corp.example/ci' }] },
      spiffe,
      'certificate_name_foreign',
    ],
    [
      'a SPIFFE ID with a port',
      { names: [{ type: 'url', value: 'spiffe://corp.example:443/ci' }] },
      spiffe,
      'certificate_name',
    ],
    [
      'a SPIFFE ID with a user',
      { names: [{ type: 'url', value: 'spiffe://corp.example@evil/ci' }] },
      spiffe,
      'certificate_name',
    ],
    [
      'a SPIFFE ID that climbs',
      { names: [{ type: 'url', value: 'spiffe://corp.example/ci/../admin' }] },
      spiffe,
      'certificate_name',
    ],
    [
      'a SPIFFE ID with escapes',
      { names: [{ type: 'url', value: 'spiffe://corp.example/%61dmin' }] },
      spiffe,
      'certificate_name',
    ],
    [
      'a SPIFFE ID without a path',
      { names: [{ type: 'url', value: 'spiffe://corp.example' }] },
      spiffe,
      'certificate_name',
    ],
    [
      'a SPIFFE ID in capitals',
      { names: [{ type: 'url', value: 'SPIFFE://corp.example/ci' }] },
      spiffe,
      'certificate_name',
    ],
    [
      'a second URI beside the SPIFFE ID',
      {
        names: [
          { type: 'url', value: 'https://corp.example/' },
          { type: 'url', value: 'spiffe://corp.example/ci' },
        ],
      },
      spiffe,
      'certificate_name',
    ],
  ])('%s', async (_name, plan, source, code) => {
    expect(await nameIn(plan, source)).toBe(code)
  })
})
