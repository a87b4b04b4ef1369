import 'reflect-metadata'
import { CRLDistributionPointsExtension, KeyUsageFlags, X509CrlReason } from '@peculiar/x509'
import { describe, expect, test } from 'vitest'
import { checkRevocation } from '../../../../src/identity/client-certificate/revocation/check-revocation.ts'
import {
  readRevocationList,
  type RevocationList,
} from '../../../../src/identity/client-certificate/revocation/revocation-list.ts'
import { refusalOf } from '../../../support/certificates/refusal-of.ts'
import {
  type ListPlan,
  makeRoot,
  noon,
  type TestCertificate,
} from '../../../support/certificates/test-authority.ts'
import { silentLogger } from '../../../support/silent-logger.ts'
import { hours, issuingPoint, uri } from './list-plans.ts'

const root = await makeRoot()
const alice = await root.issue({ serial: '0a11ce' })
const bob = await root.issue({ serial: '0b0b' })

interface Asked {
  readonly leaf?: TestCertificate
  readonly issuers?: readonly TestCertificate[]
  readonly lists: readonly Buffer[]
  readonly failPolicy?: 'hard' | 'soft'
}

async function verdict({ leaf = alice, issuers = [root], lists, failPolicy = 'hard' }: Asked) {
  const read: RevocationList[] = await Promise.all(lists.map(readRevocationList))
  const [first = root, ...rest] = issuers
  const path = {
    leaf: leaf.parsed,
    issuers: [first.parsed, ...rest.map(({ parsed }) => parsed)],
  } as const
  const parts = { lists: () => read, responders: [], failPolicy, logger: silentLogger }
  return refusalOf(async () => {
    await checkRevocation(path, parts, noon)
    return 'good'
  })
}

const good = { accepted: 'good' }

describe('a certificate', () => {
  test('that its authority revoked is refused, and another one is not', async () => {
    const lists = [await root.list({ revoked: ['0a11ce'] })]
    expect(await verdict({ lists })).toBe('certificate_revoked')
    expect(await verdict({ lists, leaf: bob })).toEqual(good)
  })

  test('that is on hold is refused', async () => {
    const entries = [{ serialNumber: '0a11ce', reason: X509CrlReason.certificateHold }]
    expect(await verdict({ lists: [await root.list({ entries })] })).toBe('certificate_revoked')
  })

  test('without any list can not be told, and the fail policy decides', async () => {
    expect(await verdict({ lists: [] })).toBe('certificate_revocation_unknown')
    expect(await verdict({ lists: [], failPolicy: 'soft' })).toEqual(good)
  })

  test('that was revoked is refused by the soft policy too, and by a stale list', async () => {
    const lists = [await root.list({ revoked: ['0a11ce'], to: hours(-1) })]
    expect(await verdict({ lists, failPolicy: 'soft' })).toBe('certificate_revoked')
  })

  test('with the serial number of one that another authority revoked is not refused', async () => {
    const other = await makeRoot({ subject: 'CN=Other' })
    const lists = [await other.list({ revoked: ['0a11ce'] }), await root.list()]
    expect(await verdict({ lists })).toEqual(good)
  })

  test('with a serial number of a high first bit is found', async () => {
    const leaf = await root.issue({ serial: 'ff00aa' })
    expect(await verdict({ leaf, lists: [await root.list({ revoked: ['ff00aa'] })] })).toBe(
      'certificate_revoked',
    )
  })

  test('is asked about with every authority above it', async () => {
    const issuing = await root.issue({
      subject: 'CN=Issuing',
      ca: true,
      usages: 'none',
      serial: '0c0a',
    })
    const leaf = await issuing.issue()
    const issuers = [issuing, root]
    const list = await issuing.list()
    expect(await verdict({ leaf, issuers, lists: [list] })).toBe('certificate_revocation_unknown')
    expect(await verdict({ leaf, issuers, lists: [list, await root.list()] })).toEqual(good)
    const revoked = await root.list({ revoked: ['0c0a'] })
    expect(await verdict({ leaf, issuers, lists: [list, revoked] })).toBe('certificate_revoked')
  })
})

describe('a list does not clear anybody', () => {
  test.each<[string, ListPlan]>([
    ['that is stale', { to: hours(-1) }],
    ['whose next one is due this very moment', { to: noon }],
    ['from the future', { from: hours(1) }],
    ['signed with SHA-1', { hash: 'SHA-1' }],
    ['that is for authorities alone', { extensions: [issuingPoint(Buffer.from('8201ff', 'hex'))] }],
    [
      'that is a part, and not of this certificate',
      { extensions: [issuingPoint(uri('http://corp.example/1.crl'))] },
    ],
  ])('%s', async (_name, plan) => {
    expect(await verdict({ lists: [await root.list(plan)] })).toBe('certificate_revocation_unknown')
  })

  test('of an authority with the same name and another key', async () => {
    const impostor = await makeRoot()
    expect(await verdict({ lists: [await impostor.list()] })).toBe('certificate_revocation_unknown')
  })

  test('of an authority that may not sign lists', async () => {
    const silent = await makeRoot({ keyUsage: KeyUsageFlags.keyCertSign })
    const leaf = await silent.issue()
    expect(await verdict({ leaf, issuers: [silent], lists: [await silent.list()] })).toBe(
      'certificate_revocation_unknown',
    )
  })

  test('that was changed after it was signed', async () => {
    const list = await root.list({ revoked: ['0a11ce'] })
    list.write('0a11cf', list.indexOf('0a11ce', 'hex'), 'hex')
    expect(await verdict({ lists: [list] })).toBe('certificate_revocation_unknown')
  })
})

test('a part of a list clears those that name it', async () => {
  const points = new CRLDistributionPointsExtension(['http://corp.example/1.crl'])
  const leaf = await root.issue({ more: [points] })
  const part = (name: string) =>
    root.list({ extensions: [issuingPoint(uri(`http://corp.example/${name}.crl`))] })
  expect(await verdict({ leaf, lists: [await part('1')] })).toEqual(good)
  expect(await verdict({ leaf, lists: [await part('2')] })).toBe('certificate_revocation_unknown')
})

test('a list for users clears them', async () => {
  const extensions = [issuingPoint(Buffer.from('8101ff', 'hex'))]
  expect(await verdict({ lists: [await root.list({ extensions })] })).toEqual(good)
})
