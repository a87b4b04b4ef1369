import 'reflect-metadata'
import { Extension, KeyUsageFlags } from '@peculiar/x509'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkChain } from '../../../src/identity/client-certificate/check-chain.ts'
import { checkUsage } from '../../../src/identity/client-certificate/check-usage.ts'
import { readAuthorities } from '../../../src/identity/client-certificate/trusted-authorities.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import {
  type CertificatePlan,
  clientAuth,
  makeRoot,
  noon,
  serverAuth,
  type TestCertificate,
} from '../../support/certificates/test-authority.ts'

const smartCardLogon = '1.3.6.1.4.1.311.20.2.2'
const days = (count: number) => new Date(noon.getTime() + count * 86_400_000)

let root: TestCertificate
beforeAll(async () => {
  root = await makeRoot()
})

interface Presented {
  readonly leaf: TestCertificate
  readonly between?: readonly TestCertificate[]
  readonly trusted?: readonly TestCertificate[]
}

async function verdict({ leaf, between = [], trusted = [root] }: Presented): Promise<unknown> {
  return refusalOf(() => {
    const authorities = readAuthorities(trusted.map(({ der }) => der))
    const intermediates = between.map(({ der }) => der)
    const path = checkChain({ leaf: leaf.der, intermediates }, authorities, noon)
    checkUsage(path)
    return path.issuers.length
  })
}

describe('accepts', () => {
  test.each<[string, CertificatePlan]>([
    ['client authentication', {}],
    ['smart card logon', { usages: [smartCardLogon] }],
    ['client authentication among others', { usages: [serverAuth, clientAuth] }],
    ['a key that says nothing of its usage', { keyUsage: 'none' }],
    ['P-384', { key: 'P-384' }],
    ['RSA with 2048 bits', { key: 'rsa-2048' }],
    ['Ed25519', { key: 'ed25519' }],
    ['the last second', { to: noon }],
    ['the first second', { from: noon }],
  ])('%s', async (_name, plan) => {
    expect(await verdict({ leaf: await root.issue(plan) })).toEqual({ accepted: 1 })
  })

  test.each(['rsa-2048', 'rsa-pss', 'ed25519', 'P-384'] as const)('a root with %s', async (key) => {
    const other = await makeRoot({ key })
    expect(await verdict({ leaf: await other.issue(), trusted: [other] })).toEqual({ accepted: 1 })
  })

  test('an intermediate that the client brings', async () => {
    const between = await root.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
    const leaf = await between.issue()
    expect(await verdict({ leaf, between: [between] })).toEqual({ accepted: 2 })
    expect(await verdict({ leaf })).toBe('certificate_unknown_authority')
  })

  test('an issuing authority that is trusted without its root', async () => {
    const issuing = await root.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
    const leaf = await issuing.issue()
    expect(await verdict({ leaf, trusted: [issuing] })).toEqual({ accepted: 1 })
  })

  test('a trusted issuing authority, and goes on to the root that can revoke it', async () => {
    const issuing = await root.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
    const leaf = await issuing.issue()
    expect(await verdict({ leaf, trusted: [issuing, root] })).toEqual({ accepted: 2 })
  })

  test('the valid one of two certificates of the same authority', async () => {
    const plan = { subject: 'CN=Issuing', ca: true, usages: 'none' } as const
    const issuing = await root.issue(plan)
    const leaf = await issuing.issue()
    const other = await makeRoot({ subject: 'CN=Issuing' })
    expect(await verdict({ leaf, between: [other, issuing] })).toEqual({ accepted: 2 })
  })
})

describe('refuses a certificate', () => {
  test.each<[string, CertificatePlan, string]>([
    ['that has expired', { to: days(-0.5) }, 'certificate_expired'],
    ['that is not valid yet', { from: days(0.5) }, 'certificate_not_yet_valid'],
    ['for servers alone', { usages: [serverAuth] }, 'certificate_usage'],
    ['for any usage', { usages: ['2.5.29.37.0'] }, 'certificate_usage'],
    ['without extended key usage', { usages: 'none' }, 'certificate_usage'],
    ['whose key only encrypts', { keyUsage: KeyUsageFlags.keyEncipherment }, 'certificate_usage'],
    ['with RSA of 1024 bits', { key: 'rsa-1024' }, 'certificate_weak_key'],
    ['of an authority', { ca: true }, 'certificate_is_authority'],
    [
      'with a critical extension that nobody knows',
      { more: [new Extension('1.2.3.4', true, Buffer.from([5, 0]))] },
      'certificate_critical_extension',
    ],
    [
      'with an extension that stands there twice',
      {
        more: [
          new Extension('1.2.3.4', false, Buffer.from([5, 0])),
          new Extension('1.2.3.4', false, Buffer.from([5, 0])),
        ],
      },
      'certificate_unreadable',
    ],
  ])('%s', async (_name, plan, code) => {
    expect(await verdict({ leaf: await root.issue(plan) })).toBe(code)
  })

  test.each(['rsa-sha1', 'P-256'] as const)('signed with SHA-1 by %s', async (key) => {
    const old = await makeRoot({ key, hash: 'SHA-1' })
    const leaf = await old.issue({ hash: 'SHA-1' })
    expect(await verdict({ leaf, trusted: [old] })).toBe('certificate_weak_signature')
  })

  test('but not for the signature that a trusted root made of itself', async () => {
    const old = await makeRoot({ hash: 'SHA-1' })
    expect(await verdict({ leaf: await old.issue(), trusted: [old] })).toEqual({ accepted: 1 })
  })

  test('of an authority with the same name and another key', async () => {
    const impostor = await makeRoot()
    expect(impostor.parsed.subject).toEqual(root.parsed.subject)
    expect(await verdict({ leaf: await impostor.issue() })).toBe('certificate_unknown_authority')
  })

  test('of such an authority that is brought along', async () => {
    const impostor = await makeRoot()
    const leaf = await impostor.issue()
    expect(await verdict({ leaf, between: [impostor] })).toBe('certificate_unknown_authority')
  })

  test('that signed itself', async () => {
    const leaf = await makeRoot({ subject: 'CN=alice', ca: false, usages: [clientAuth] })
    expect(await verdict({ leaf })).toBe('certificate_unknown_authority')
    expect(await verdict({ leaf, trusted: [leaf] })).toBe('certificate_is_authority')
  })

  test('that is the trusted root', async () => {
    expect(await verdict({ leaf: root })).toBe('certificate_is_authority')
  })

  test('that was changed after it was signed', async () => {
    const leaf = await root.issue({ subject: 'CN=alice' })
    const changed = Buffer.from(leaf.der)
    changed.write('admin', changed.indexOf('alice'), 'latin1')
    expect(await verdict({ leaf: { ...leaf, der: changed } })).toBe('certificate_unknown_authority')
  })

  test('with something behind it', async () => {
    const leaf = await root.issue()
    const longer = Buffer.concat([leaf.der, Buffer.from([0])])
    expect(await verdict({ leaf: { ...leaf, der: longer } })).toBe('certificate_unreadable')
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no certificate', Buffer.from('3003020101', 'hex')],
    ['an endless length', Buffer.from('308002010100', 'hex')],
  ])('that is %s', async (_name, der) => {
    const leaf = await root.issue()
    expect(await verdict({ leaf: { ...leaf, der } })).toBe('certificate_unreadable')
  })

  test('that is larger than any', async () => {
    const more = [new Extension('1.2.3.4', false, Buffer.alloc(20_000))]
    expect(await verdict({ leaf: await root.issue({ more }) })).toBe('certificate_too_large')
  })
})

describe('refuses an authority in between', () => {
  test.each<[string, CertificatePlan, string]>([
    ['that is none', { ca: false }, 'certificate_issuer_is_no_authority'],
    [
      'whose key may not sign certificates',
      { ca: true, keyUsage: KeyUsageFlags.cRLSign },
      'certificate_issuer_is_no_authority',
    ],
    ['that has expired', { ca: true, to: days(-0.5) }, 'certificate_expired'],
    ['with a weak key', { ca: true, key: 'rsa-1024' }, 'certificate_weak_key'],
    ['that is for servers', { ca: true, usages: [serverAuth] }, 'certificate_usage'],
    [
      'with name constraints, which are not understood',
      { ca: true, more: [new Extension('2.5.29.30', false, Buffer.from('3000', 'hex'))] },
      'certificate_critical_extension',
    ],
  ])('%s', async (_name, plan, code) => {
    const between = await root.issue({ subject: 'CN=Issuing', usages: 'none', ...plan })
    const leaf = await between.issue()
    expect(await verdict({ leaf, between: [between] })).toBe(code)
  })

  test('below a path that may not grow longer', async () => {
    const short = await makeRoot({ subject: 'CN=Short', pathLength: 0 })
    const trusted = [short]
    expect(await verdict({ leaf: await short.issue(), trusted })).toEqual({ accepted: 1 })
    const between = await short.issue({ subject: 'CN=Issuing', ca: true, usages: 'none' })
    const leaf = await between.issue()
    expect(await verdict({ leaf, between: [between], trusted })).toBe('certificate_path_length')
  })
})

test('bounds the work that a heap of look-alikes makes', async () => {
  const leaf = await root.issue()
  const between = await Promise.all(Array.from({ length: 8 }, async () => makeRoot()))
  const started = performance.now()
  expect(await verdict({ leaf, between })).toEqual({ accepted: 1 })
  expect(await verdict({ leaf, between: [...between, root] })).toBe('certificate_too_large')
  expect(performance.now() - started).toBeLessThan(1_000)
})
