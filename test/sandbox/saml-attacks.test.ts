import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { xmlField } from './raw-http.ts'
import { awsAttributes, plan, PROVIDER, samlXml, strangerKey } from './saml-signer.ts'
import { postSaml, samlAnswer, samlWorld, trustsProvider } from './saml-world.ts'
import { arn, policy, role } from './test-world.ts'

const NOW = new Date('2026-11-20T12:00:00.000Z')
const ADMIN = arn('Admin')

let aws: Sandbox
beforeAll(async () => {
  const world = samlWorld([role('Admin', policy(trustsProvider()))])
  aws = await startSandbox({ world, now: () => NOW })
})
afterAll(() => aws.close())

/** Asks for the role that only the forged assertion names. */
async function attack(xml: string): Promise<string> {
  return await samlAnswer(aws.url, Buffer.from(xml).toString('base64'), { RoleArn: ADMIN })
}

const about = plan(NOW)
const evilAttributes = awsAttributes({
  Role: [`${ADMIN},${PROVIDER}`],
  RoleSessionName: ['mallory'],
})
const ASSERTION = /<Assertion .*<\/Assertion>/s
const SIGNATURE = /<ds:Signature .*?<\/ds:Signature>/s

const genuine = samlXml(about)
const genuineAssertion = ASSERTION.exec(genuine)?.[0] ?? ''
const signature = SIGNATURE.exec(genuineAssertion)?.[0] ?? ''
const genuineId = /<Assertion [^>]*ID="([^"]+)"/.exec(genuine)?.[1] ?? ''
const evilXml = samlXml(plan(NOW, { attributes: evilAttributes }), { what: 'nothing' })
const evilAssertion = ASSERTION.exec(evilXml)?.[0] ?? ''
const evilWithId = evilAssertion.replace(/ID="[^"]+"/, `ID="${genuineId}"`)
const evilWithSignature = (xml: string, inner: string): string =>
  xml.replace('</Issuer>', () => `</Issuer>${inner}`)

function instead(assertions: string): string {
  return genuine.replace(ASSERTION, () => assertions)
}

const signedResponse = samlXml(about, { what: 'response' })
const outer = (inside: string): string =>
  evilXml.replace(/<samlp:Status>/, () => `${inside}<samlp:Status>`)
const responseSignature = SIGNATURE.exec(signedResponse)?.[0] ?? ''

test('the genuine response and a genuine one for Admin pass', async () => {
  expect(await samlAnswer(aws.url, Buffer.from(genuine).toString('base64'))).toBe('200')
  expect(await attack(samlXml(plan(NOW, { attributes: evilAttributes })))).toBe('200')
})

describe('a wrapped signature', () => {
  test.each<readonly [string, string]>([
    ['a forged assertion before the signed one', instead(evilAssertion + genuineAssertion)],
    ['a forged assertion behind the signed one', instead(genuineAssertion + evilAssertion)],
    [
      'the signed one within the forged one',
      instead(evilAssertion.replace('</Assertion>', () => `${genuineAssertion}</Assertion>`)),
    ],
    [
      'the signed one within the signature of the forged one',
      instead(
        evilWithSignature(
          evilAssertion,
          signature.replace(
            '</ds:Signature>',
            () =>
              `<ds:Object>${genuineAssertion.replace(SIGNATURE, '')}</ds:Object></ds:Signature>`,
          ),
        ),
      ),
    ],
    [
      'the same ID twice, the genuine one in an extension',
      instead(evilWithSignature(evilWithId, signature)).replace(
        '<samlp:Status>',
        () =>
          `<samlp:Extensions>${genuineAssertion.replace(SIGNATURE, '')}</samlp:Extensions><samlp:Status>`,
      ),
    ],
    ['the signature moved to the forged one', instead(evilWithSignature(evilWithId, signature))],
    ['the signed response within a forged one', outer(signedResponse)],
    [
      'the signed response in the extensions of a forged one with its signature',
      evilWithSignature(evilXml, responseSignature).replace(
        '<samlp:Status>',
        () =>
          `<samlp:Extensions>${signedResponse.replace(SIGNATURE, '')}</samlp:Extensions><samlp:Status>`,
      ),
    ],
    ['two roots', `${genuine}${evilXml}`],
    ['two signatures', instead(evilWithSignature(genuineAssertion, signature))],
  ])('%s', async (_, xml) => {
    expect(await attack(xml)).toMatch(/^400 InvalidIdentityToken: /)
  })
})

/** The digest of the changed assertion where a careless reader takes the first child of DigestValue. */
function forgedDigest(): string {
  const forged = genuineAssertion.replace('role/Saml,', 'role/Admin,')
  const digest = createHash('sha256').update(forged.replace(SIGNATURE, '')).digest('base64')
  return instead(forged.replace('<ds:DigestValue>', `<ds:DigestValue><!--${digest}-->`))
}

describe('a changed or hollow signature', () => {
  const changed = (from: string | RegExp, to: string): string => genuine.replace(from, () => to)
  test.each<readonly [string, string]>([
    ['another role', changed('role/Saml,', 'role/Admin,')],
    ['no SignatureValue', changed(/<ds:SignatureValue>.*?<\/ds:SignatureValue>/s, '')],
    [
      'an empty SignatureValue',
      changed(
        /<ds:SignatureValue>.*?<\/ds:SignatureValue>/s,
        '<ds:SignatureValue></ds:SignatureValue>',
      ),
    ],
    ['an empty reference', changed(/URI="#[^"]+"/, 'URI=""')],
    ['a reference to another element', changed(/URI="#[^"]+"/, 'URI="#other"')],
    [
      'a second reference',
      changed(
        /(<ds:Reference .*?<\/ds:Reference>)/s,
        (/<ds:Reference .*?<\/ds:Reference>/s.exec(genuine)?.[0] ?? '').repeat(2),
      ),
    ],
    [
      'an XPath transform',
      changed(
        'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
        'http://www.w3.org/TR/1999/REC-xpath-19991116',
      ),
    ],
    [
      'HMAC',
      changed(
        'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
      ),
    ],
    ['a forged digest in a comment', forgedDigest()],
    [
      'a second SignedInfo',
      changed(
        /(<ds:SignedInfo>.*?<\/ds:SignedInfo>)/s,
        (/<ds:SignedInfo>.*?<\/ds:SignedInfo>/s.exec(genuine)?.[0] ?? '').repeat(2),
      ),
    ],
  ])('%s', async (_, xml) => {
    expect(xml).not.toBe(genuine)
    expect(await attack(xml)).toMatch(/^400 InvalidIdentityToken: /)
  })

  test("a stranger's key in KeyInfo is not asked", async () => {
    const forged = samlXml(plan(NOW, { attributes: evilAttributes }), { key: strangerKey })
    const certificate = strangerKey.certificate.replace(/-----[^-]+-----|\s/g, '')
    const withKey = forged.replace(
      '</ds:SignatureValue>',
      () =>
        `</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    )
    expect(await attack(withKey)).toMatch(/Response signature invalid/)
  })
})

describe('hostile XML', () => {
  const deep = `${'<x>'.repeat(5000)}${'</x>'.repeat(5000)}`
  test.each<readonly [string, string]>([
    ['a DOCTYPE', `<!DOCTYPE r>${genuine}`],
    ['an entity', `<!DOCTYPE r [<!ENTITY e "x">]>${genuine.replace('alice', '&e;')}`],
    ['an external entity', `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>${genuine}`],
    ['a processing instruction', genuine.replace('alice', 'ali<?x y?>ce')],
    [
      'deep nesting',
      genuine.replace(
        '<samlp:Status>',
        `<samlp:Extensions>${deep}</samlp:Extensions><samlp:Status>`,
      ),
    ],
    ['an unknown entity', genuine.replace('alice', '&nbsp;')],
    ['a NUL', genuine.replace('alice', 'ali\u0000ce')],
    ['a missing end tag', genuine.replace('</samlp:Response>', '')],
    ['text behind the root', `${genuine}tail`],
    ['an attribute twice', genuine.replace('Version="2.0"', 'Version="2.0" Version="2.0"')],
    ['a byte order mark', `\uFEFF${genuine}`],
    ['foreign namespaces', genuine.replaceAll('urn:oasis:names:tc:SAML:2.0:', 'urn:example:')],
  ])('%s', async (_, xml) => {
    expect(await attack(xml)).toMatch(/^400 InvalidIdentityToken: Invalid SAMLResponse/)
  })

  test('a comment in a signed name leaves the whole name', async () => {
    const xml = samlXml(plan(NOW, { nameId: 'alice.example' }))
    const cut = xml.replace('alice.example', 'alice<!---->.example')
    const answer = await postSaml(aws.url, Buffer.from(cut).toString('base64'))
    expect(xmlField(answer.body, 'Subject')).toBe('alice.example')
  })

  test('times that are none', async () => {
    for (const time of [
      '9999',
      '2026-11-20T12:10:00',
      '2026-02-30T12:00:00Z',
      '2026-11-20T14:10:00+02:00',
    ]) {
      const rewrite = (xml: string): string =>
        xml.replace(/NotOnOrAfter="[^"]+"/g, `NotOnOrAfter="${time}"`)
      const xml = samlXml(plan(NOW, { rewrite, attributes: evilAttributes }))
      expect(await attack(xml)).toMatch(/Invalid SAMLResponse/)
    }
  })
})
