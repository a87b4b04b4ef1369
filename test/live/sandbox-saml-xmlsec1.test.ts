import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { requireCommand } from '../support/require-command.ts'
import { idpSettings, startIdpFor, visit } from '../sandbox/idp-visit.ts'
import { idpKey, plan, samlXml, strangerKey } from '../sandbox/saml-signer.ts'
import { samlAnswer, samlWorld } from '../sandbox/saml-world.ts'

requireCommand('xmlsec1', 'xmlsec1')

const run = promisify(execFile)
const NOW = new Date()
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const DS = 'http://www.w3.org/2000/09/xmldsig#'
const ids = ['--id-attr:ID', `${PROTOCOL}:Response`, '--id-attr:ID', `${ASSERTION}:Assertion`]

let folder: string
let aws: Sandbox
let idp: SamlIdp
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-xmlsec1-'))
  await writeFile(join(folder, 'idp.key'), idpKey.privateKey)
  await writeFile(join(folder, 'idp.crt'), idpKey.certificate)
  await writeFile(join(folder, 'stranger.key'), strangerKey.privateKey)
  aws = await startSandbox({ world: samlWorld(), now: () => NOW })
  idp = await startIdpFor(idpSettings())
})
afterAll(async () => {
  await idp.close()
  await aws.close()
  await rm(folder, { recursive: true })
})

type Element = 'Assertion' | 'Response'

/** A signature for xmlsec1 to fill in, with the white space and the certificate that other signers write. */
function template(id: string, hash: string, c14n: string): string {
  return `<ds:Signature xmlns:ds="${DS}">
  <ds:SignedInfo>
    <ds:CanonicalizationMethod Algorithm="${c14n}"/>
    <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-${hash}"/>
    <ds:Reference URI="#${id}">
      <ds:Transforms><ds:Transform Algorithm="${DS}enveloped-signature"/><ds:Transform Algorithm="${c14n}"/></ds:Transforms>
      <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${hash}"/><ds:DigestValue/>
    </ds:Reference>
  </ds:SignedInfo>
  <ds:SignatureValue/><ds:KeyInfo><ds:X509Data/></ds:KeyInfo>
</ds:Signature>`
}

async function sign(
  xml: string,
  element: Element,
  { hash = 'sha256', c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#', key = 'idp.key' } = {},
): Promise<string> {
  const id = new RegExp(`<(?:samlp:)?${element} [^>]*ID="([^"]+)"`).exec(xml)?.[1] ?? ''
  const start = xml.indexOf(element === 'Assertion' ? '<Assertion ' : '<samlp:Response ')
  const place = xml.indexOf('</Issuer>', start) + '</Issuer>'.length
  const [from, to] = [join(folder, 'in.xml'), join(folder, 'out.xml')]
  await writeFile(from, xml.slice(0, place) + template(id, hash, c14n) + xml.slice(place))
  const keys = `${join(folder, key)},${join(folder, 'idp.crt')}`
  const at = `//*[local-name()='Signature'][../@ID='${id}']`
  const files = ['--node-xpath', at, '--output', to, from]
  await run('xmlsec1', ['--sign', '--privkey-pem', keys, ...ids, ...files])
  return await readFile(to, 'utf8')
}

async function answerTo(xml: string): Promise<string> {
  return await samlAnswer(aws.url, Buffer.from(xml).toString('base64'))
}

const unsigned = (): string => samlXml(plan(NOW), { what: 'nothing' })

describe('xmlsec1 signs for STS', () => {
  test.each([
    ['Assertion', 'sha256'],
    ['Assertion', 'sha512'],
    ['Response', 'sha256'],
    ['Response', 'sha512'],
  ] as const)('the %s with %s', async (element, hash) => {
    const xml = await sign(unsigned(), element, { hash })
    expect(await answerTo(xml)).toBe('200')
    expect(await answerTo(xml.replace('>alice<', '>mallory<'))).toMatch(/signature invalid/)
  })

  test('both, and with inclusive canonicalization', async () => {
    expect(await answerTo(await sign(await sign(unsigned(), 'Assertion'), 'Response'))).toBe('200')
    const c14n = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
    expect(await answerTo(await sign(unsigned(), 'Response', { c14n }))).toBe('200')
  })

  test('with a key that is not in the metadata', async () => {
    const xml = await sign(unsigned(), 'Assertion', { key: 'stranger.key' })
    expect(await answerTo(xml)).toMatch(/signature invalid/)
  })
})

describe('xmlsec1 verifies', () => {
  test("what the sandbox's identity provider signs", async () => {
    const { SAMLResponse } = await visit(idp).signIn('alice')
    const [file, certificate] = [join(folder, 'response.xml'), join(folder, 'sandbox.crt')]
    const base64 = /<ds:X509Certificate>([^<]+)</.exec(idp.metadata)?.[1] ?? ''
    const lines = base64.replace(/.{64}(?=.)/g, '$&\n')
    await writeFile(
      certificate,
      `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    )
    const xml = Buffer.from(SAMLResponse, 'base64').toString('utf8')
    const verify = async (text: string, element: Element): Promise<unknown> => {
      await writeFile(file, text)
      const at = `//*[local-name()='${element}']/*[local-name()='Signature']`
      const trusted = ['--pubkey-cert-pem', certificate]
      return await run('xmlsec1', ['--verify', ...trusted, ...ids, '--node-xpath', at, file])
    }
    for (const element of ['Assertion', 'Response'] as const) {
      await expect(verify(xml, element)).resolves.toBeDefined()
      await expect(verify(xml.replace('>alice<', '>mallory<'), element)).rejects.toThrow()
    }
  })
})
