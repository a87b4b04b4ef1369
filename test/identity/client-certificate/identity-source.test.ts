import 'reflect-metadata'
import { Extension, type JsonGeneralNames, type JsonNameParams } from '@peculiar/x509'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkChain } from '../../../src/identity/client-certificate/check-chain.ts'
import {
  type IdentitySource,
  readIdentity,
} from '../../../src/identity/client-certificate/identity-source.ts'
import { securityIdentifier } from '../../../src/identity/client-certificate/names/security-identifier.ts'
import { readAuthorities } from '../../../src/identity/client-certificate/trusted-authorities.ts'
import { der, otherName } from '../../support/certificates/raw-der.ts'
import { sidExtension } from '../../support/certificates/sid-extension.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import {
  type CertificatePlan,
  makeRoot,
  noon,
  type TestCertificate,
} from '../../support/certificates/test-authority.ts'

const upn = { type: 'upn', domains: ['corp.example'] } as const
const email = { type: 'email', domains: [] } as const
const spiffe = { type: 'spiffe', trustDomain: 'corp.example' } as const
const commonName = { type: 'common-name' } as const

let root: TestCertificate
beforeAll(async () => {
  root = await makeRoot({ subject: [{ DC: ['example'] }, { DC: ['corp'] }, { CN: ['Corp CA'] }] })
})

async function pathOf(plan: CertificatePlan) {
  const leaf = await root.issue(plan)
  return checkChain({ leaf: leaf.der, intermediates: [] }, readAuthorities([root.der]), noon)
}

async function nameIn(plan: CertificatePlan, ...sources: readonly IdentitySource[]) {
  const path = await pathOf(plan)
  return refusalOf(() => readIdentity(path, sources).value)
}

/** A certificate with alternative names that no library would write. */
function rawNames(...names: readonly Uint8Array[]): CertificatePlan {
  return { more: [new Extension('2.5.29.17', false, der(0x30, ...names))] }
}

const withSid = (sid: string): CertificatePlan => ({ more: [sidExtension(sid)] })
const utf8 = (text: string) => der(0x0c, text)
const upns = (...values: readonly string[]): JsonGeneralNames =>
  values.map((value) => ({ type: 'upn', value }))

describe('finds the name by', () => {
  test.each<[string, CertificatePlan, IdentitySource, string]>([
    ['principal name', { names: upns('alice@corp.example') }, upn, 'alice@corp.example'],
    [
      'principal name in any case',
      { names: upns('Alice.Anders@CORP.example') },
      upn,
      'alice.anders@corp.example',
    ],
    [
      'principal name in another script',
      { names: upns('søren@corp.example') },
      upn,
      'søren@corp.example',
    ],
    [
      'e-mail',
      { names: [{ type: 'email', value: 'Alice@Corp.Example' }] },
      email,
      'alice@corp.example',
    ],
    [
      'SPIFFE ID',
      { names: [{ type: 'url', value: 'spiffe://corp.example/ns/ci/sa/build' }] },
      spiffe,
      'spiffe://corp.example/ns/ci/sa/build',
    ],
    ['SID', withSid('S-1-5-21-1-2-3-1104'), { type: 'sid' }, 'S-1-5-21-1-2-3-1104'],
    ['common name', { subject: 'CN=alice, O=Corp' }, commonName, 'alice'],
  ])('%s', async (_name, plan, source, value) => {
    expect(await nameIn(plan, source)).toEqual({ accepted: value })
  })

  test('fingerprint', async () => {
    const leaf = await root.issue()
    const path = checkChain(
      { leaf: leaf.der, intermediates: [] },
      readAuthorities([root.der]),
      noon,
    )
    const { value, key } = readIdentity(path, [{ type: 'fingerprint' }])
    expect(value).toBe(leaf.parsed.x509.fingerprint256.replaceAll(':', '').toLowerCase())
    expect(key).toBeUndefined()
  })

  test('issuer and serial number, as Windows writes them', async () => {
    const path = await pathOf({ serial: '1234567890ab' })
    expect(readIdentity(path, [{ type: 'issuer-and-serial' }]).key).toEqual({
      by: 'alternative-security-identity',
      value: 'X509:<I>DC=example,DC=corp,CN=Corp CA<SR>ab9078563412',
    })
  })

  test('the serial number of the very authority', async () => {
    const other = await makeRoot({ subject: 'CN=Other' })
    const [one, two] = await Promise.all(
      [root, other].map(async (authority) => {
        const leaf = await authority.issue({ serial: '77' })
        const trusted = readAuthorities([authority.der])
        const path = checkChain({ leaf: leaf.der, intermediates: [] }, trusted, noon)
        return readIdentity(path, [{ type: 'issuer-and-serial' }]).value
      }),
    )
    expect(one).not.toBe(two)
  })

  test('the first source that the certificate has', async () => {
    const plan: CertificatePlan = {
      subject: 'CN=alice',
      names: [{ type: 'email', value: 'a@corp.example' }],
    }
    expect(await nameIn(plan, upn, email, commonName)).toEqual({ accepted: 'a@corp.example' })
    expect(await nameIn(plan, upn, commonName)).toEqual({ accepted: 'alice' })
    expect(await nameIn(plan, upn, spiffe)).toBe('certificate_no_name')
  })
})

describe('refuses', () => {
  test.each<[string, CertificatePlan, IdentitySource, string]>([
    [
      'two principal names',
      { names: upns('bob@corp.example', 'alice@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'the same principal name twice',
      { names: upns('bob@corp.example', 'bob@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'a second principal name that can not be read',
      rawNames(
        otherName('principal', utf8('bob@corp.example')),
        otherName('principal', der(0x0c, Buffer.from('ff', 'hex'))),
      ),
      upn,
      'certificate_unreadable',
    ],
    [
      'a principal name of another domain',
      { names: upns('alice@corp.example.evil') },
      upn,
      'certificate_name_foreign',
    ],
    ['a principal name without a domain', { names: upns('alice') }, upn, 'certificate_name'],
    [
      'a principal name with two',
      { names: upns('alice@corp.example@evil.example') },
      upn,
      'certificate_name',
    ],
    [
      'a principal name with an escape',
      { names: upns('alice\\@evil@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'a principal name that looks like another one',
      { names: upns('ali\u202ece@corp.example') },
      upn,
      'certificate_unreadable',
    ],
    [
      'a principal name with the Kelvin sign',
      { names: upns('\u212aate@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'a principal name with an accent of its own',
      { names: upns('andre\u0301@corp.example') },
      upn,
      'certificate_name',
    ],
    [
      'NUL in a principal name',
      rawNames(otherName('principal', utf8('alice\0@corp.example'))),
      upn,
      'certificate_unreadable',
    ],
    [
      'NUL in an e-mail',
      rawNames(der(0x81, 'alice@corp.example\0.evil.example')),
      email,
      'certificate_unreadable',
    ],
    [
      'two e-mails',
      {
        names: [
          { type: 'email', value: 'a@corp.example' },
          { type: 'email', value: 'b@corp.example' },
        ],
      },
      email,
      'certificate_name',
    ],
    [
      'a principal name of many characters',
      rawNames(otherName('principal', utf8(`${'a'.repeat(300)}@corp.example`))),
      upn,
      'certificate_unreadable',
    ],
    [
      'a principal name that is a number',
      rawNames(otherName('principal', der(0x02, Buffer.from([1])))),
      upn,
      'certificate_unreadable',
    ],
    [
      'something behind the principal name',
      rawNames(otherName('principal', Buffer.concat([utf8('alice@corp.example'), utf8('x')]))),
      upn,
      'certificate_unreadable',
    ],
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
    ['two common names', { subject: 'CN=alice, CN=bob' }, commonName, 'certificate_name'],
    [
      'a SID that is none',
      withSid('S-1-5-21-1-2-3-1104;admin'),
      { type: 'sid' },
      'certificate_unreadable',
    ],
  ])('%s', async (_name, plan, source, code) => {
    expect(await nameIn(plan, source)).toBe(code)
  })

  test.each<[string, JsonNameParams]>([
    ['NUL', [{ CN: [{ utf8String: 'alice\0.evil' }] }]],
    ['a line end', [{ CN: [{ utf8String: 'alice\nCN=admin' }] }]],
    ['a space at its end', [{ CN: [{ utf8String: 'alice ' }] }]],
  ])('a common name with %s', async (_name, subject) => {
    expect(await nameIn({ subject }, commonName)).toBe('certificate_name')
  })
})

test('reads a comma in an organisation as part of it', async () => {
  const subject: JsonNameParams = [{ O: ['Corp, CN=admin'] }, { CN: ['bob'] }]
  const path = await pathOf({ subject })
  expect(path.leaf.x509.subject).toContain('CN=admin')
  expect(readIdentity(path, [commonName]).value).toBe('bob')
})

test('does not take an organisation for a common name', async () => {
  expect(await nameIn({ subject: [{ O: ['Corp\nCN=admin'] }] }, commonName)).toBe(
    'certificate_name',
  )
  expect(await nameIn({ subject: [{ O: ['Corp/CN=admin'] }] }, commonName)).toBe(
    'certificate_no_name',
  )
})

test('overlooks the other names of a smart card', async () => {
  const fascN = der(
    0xa0,
    Buffer.from('060860864801650306 06'.replaceAll(' ', ''), 'hex'),
    der(0xa0, der(0x04, 'card')),
  )
  const plan = rawNames(
    fascN,
    otherName('principal', utf8('alice@corp.example')),
    der(0x87, Buffer.from([10, 0, 0, 1])),
  )
  expect(await nameIn(plan, upn)).toEqual({ accepted: 'alice@corp.example' })
})

test('reads no SID where there is none', async () => {
  expect(securityIdentifier((await root.issue()).parsed)).toBeUndefined()
})
