import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readCertificate } from '../../sandbox/x509/certificate.ts'
import { readRevocationLists } from '../../sandbox/x509/revocation-list.ts'
import { certificateAuthority } from '../../src/keys/certificate-authority.ts'
import { issueCertificate } from '../../src/keys/issue-certificate.ts'
import { issueRevocationList } from '../../src/keys/issue-revocation-list.ts'
import { KeyFault } from '../../src/keys/key-fault.ts'
import { keyObjectSigner } from '../../src/keys/key-object-signer.ts'
import { leafShortcomings } from '../../src/keys/leaf-requirements.ts'
import { type CertificateWish, issue, keyCertSign, keyPairs } from './test-certificates.ts'

const now = new Date('2026-11-20T09:00:00Z')
const kinds = Object.entries(keyPairs)

function authorityOf(wish: CertificateWish = {}) {
  const ca = issue({ commonName: 'People CA', authority: true, keyUsage: keyCertSign, ...wish })
  return { ca, signer: keyObjectSigner(ca.privateKey, ca.certificate) }
}

function orderFor(serial = 0x41n) {
  const { publicKey } = keyPairs.p256()
  return {
    publicKey,
    subject: [
      ['O', 'staff'],
      ['CN', 'bob'],
    ] as const,
    uri: 'urn:postern:staff:bob',
    serial,
    notBefore: new Date('2026-11-20T08:58:00Z'),
    notAfter: new Date('2026-11-20T09:08:00Z'),
  }
}

describe('a certificate', () => {
  test.each(kinds)(
    'of a %s authority is what was ordered, and AWS takes it',
    async (_, makeKeys) => {
      const { ca, signer } = authorityOf({ keys: makeKeys() })
      const order = orderFor()
      const issued = await issueCertificate(certificateAuthority(signer, now), order)
      expect(issued.checkIssued(ca.certificate)).toBe(true)
      expect(issued.verify(ca.certificate.publicKey)).toBe(true)
      expect(issued.publicKey.equals(order.publicKey)).toBe(true)
      expect(issued.subject).toBe('O=staff\nCN=bob')
      expect(issued.subjectAltName).toBe('URI:urn:postern:staff:bob')
      expect(issued.serialNumber).toBe('41')
      expect(issued.validFromDate).toEqual(order.notBefore)
      expect(issued.validToDate).toEqual(order.notAfter)
      expect(await leafShortcomings(issued)).toEqual([])
      expect(new X509Certificate(issued.toString()).raw.equals(issued.raw)).toBe(true)
    },
  )

  test.each<[string, CertificateWish]>([
    ['an end entity', { authority: false, keyUsage: keyCertSign }],
    ['a CA that may not issue', { keyUsage: 0x80 }],
    ['a CA without key usage', { keyUsage: undefined }],
    ['a CA that has expired', { to: new Date('2026-11-20T08:00:00Z') }],
    ['a CA that is not valid yet', { from: new Date('2026-11-20T10:00:00Z') }],
  ])('is not issued by %s', (_what, wish) => {
    expect(() => certificateAuthority(authorityOf(wish).signer, now)).toThrow(KeyFault)
  })

  test('is not given out when a token signed with another key', async () => {
    const { signer } = authorityOf()
    const other = authorityOf().signer
    const wrong = { ...signer, sign: other.sign.bind(other) }
    const issuing = issueCertificate(certificateAuthority(wrong, now), orderFor())
    await expect(issuing).rejects.toThrow(KeyFault)
  })
})

describe('a revocation list', () => {
  test.each([
    ['nothing', []],
    ['a serial number', [{ serial: 0x41n, at: now }]],
  ])('names %s', async (_what, revoked) => {
    const { ca, signer } = authorityOf({ keys: keyPairs.rsa2048() })
    const der = await issueRevocationList(certificateAuthority(signer, now), {
      revoked,
      number: 7n,
      thisUpdate: now,
      nextUpdate: new Date('2026-12-20T09:00:00Z'),
    })
    const pem = `-----BEGIN X509 CRL-----\n${der.toString('base64')}\n-----END X509 CRL-----\n`
    const [list] = readRevocationLists(pem)
    expect(list?.madeBy(readCertificate(ca.certificatePem))).toBe(true)
    expect(list?.revokes(0x41n)).toBe(revoked.length > 0)
    expect(list?.revokes(0x42n)).toBe(false)
  })
})
