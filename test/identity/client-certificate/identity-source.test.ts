import 'reflect-metadata'
import { describe, expect, test } from 'vitest'
import { checkChain } from '../../../src/identity/client-certificate/check-chain.ts'
import {
  type IdentitySource,
  readIdentity,
} from '../../../src/identity/client-certificate/identity-source.ts'
import { readAuthorities } from '../../../src/identity/client-certificate/trusted-authorities.ts'
import { der, otherName } from '../../support/certificates/raw-der.ts'
import { type CertificatePlan, makeRoot, noon } from '../../support/certificates/test-authority.ts'
import {
  commonName,
  email,
  nameIn,
  pathOf,
  rawNames,
  root,
  spiffe,
  upn,
  upns,
  utf8,
  withSid,
} from './name-in.ts'

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
