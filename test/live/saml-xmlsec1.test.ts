import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { requireCommand } from '../support/require-command.ts'
import { type Flavour, flavours, makeKit } from '../support/saml/attack-kit.ts'
import { coreTarget } from '../support/saml/core-target.ts'
import { samlCast } from '../support/saml/saml-cast.ts'
import {
  assertion,
  assertionXml,
  protocol,
  type ResponsePlan,
  responseXml,
} from '../support/saml/saml-response.ts'

requireCommand('xmlsec1', 'xmlsec1')

const run = promisify(execFile)
const { idp, serviceProvider } = samlCast()
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-xmlsec1-'))
  await writeFile(join(folder, 'idp.key'), idp.privateKey)
  await writeFile(join(folder, 'idp.crt'), idp.certificate)
  await writeFile(join(folder, 'sp.crt'), serviceProvider.certificate)
})

afterAll(async () => rm(folder, { recursive: true }))

const ids = ['Response', 'AuthnRequest', 'LogoutRequest'].map((name) => `${protocol}:${name}`)
const idAttributes = [...ids, `${assertion}:Assertion`].flatMap((name) => ['--id-attr:ID', name])

function template(id: string, hash: string, inclusive: string): string {
  const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const prefixes = `<ec:InclusiveNamespaces xmlns:ec="${c14n}" PrefixList="${inclusive}"/>`
  return (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n  <ds:SignedInfo>\n' +
    `    <ds:CanonicalizationMethod Algorithm="${c14n}"/>\n` +
    `    <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-${hash}"/>\n` +
    `    <ds:Reference URI="#${id}">\n      <ds:Transforms>` +
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>' +
    `<ds:Transform Algorithm="${c14n}">${inclusive === '' ? '' : prefixes}</ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${hash}"/><ds:DigestValue/>\n` +
    '    </ds:Reference>\n  </ds:SignedInfo>\n  <ds:SignatureValue/>\n' +
    '  <ds:KeyInfo><ds:X509Data/></ds:KeyInfo>\n</ds:Signature>'
  )
}

async function sign(xml: string, id: string): Promise<string> {
  const [from, to] = [join(folder, 'in.xml'), join(folder, 'out.xml')]
  await writeFile(from, xml)
  const key = `${join(folder, 'idp.key')},${join(folder, 'idp.crt')}`
  const at = `//*[local-name()='Signature'][..//@ID='${id}' and ../@ID='${id}']`
  await run('xmlsec1', [
    '--sign',
    '--privkey-pem',
    key,
    ...idAttributes,
    '--node-xpath',
    at,
    '--output',
    to,
    from,
  ])
  return readFile(to, 'utf8')
}

/** A response as libxml2 and xmlsec1 would have signed it, line ends and all. */
async function seal(plan: ResponsePlan, flavour: Flavour, hash: string, inclusive: string) {
  const place = (xml: string, id: string) =>
    xml.replace('</saml:Issuer>', `</saml:Issuer>${template(id, hash, inclusive)}`)
  let inner = assertionXml(plan)
  if (flavour !== 'response') inner = place(inner, plan.assertionId)
  let xml = responseXml(plan, '@').replace(
    ' ID="',
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" ID="',
  )
  if (flavour !== 'assertion') xml = place(xml, plan.responseId)
  xml = xml.replace('@', () => inner)
  if (flavour !== 'response') xml = await sign(xml, plan.assertionId)
  return flavour === 'assertion' ? xml : sign(xml, plan.responseId)
}

describe('xmlsec1', () => {
  test.each(
    flavours.flatMap((flavour) =>
      ['sha256', 'sha512'].flatMap((hash) =>
        ['', 'xs'].map((inclusive) => ({ flavour, hash, inclusive })),
      ),
    ),
  )(
    'signs a response as $flavour with $hash and prefixes "$inclusive"',
    async ({ flavour, hash, inclusive }) => {
      const kit = await makeKit(coreTarget(), flavour)
      const xml = await seal(kit.plan, flavour, hash, inclusive)
      expect(await kit.post(xml)).toMatchObject({
        outcome: 'signed-in',
        person: 'alice@corp.example',
      })
      const again = await makeKit(coreTarget(), flavour)
      const changed = (await seal(again.plan, flavour, hash, inclusive)).replace('alice', 'mally')
      expect(await again.post(changed)).toMatchObject({ code: 'saml_signature_invalid' })
    },
  )

  test('verifies what we sign for the POST binding', async () => {
    const { serviceProvider: ours } = coreTarget({ requestBinding: 'post' })
    const request = await ours.startSignIn({ browserNonce: 'b', carry: '' })
    const { serviceProvider: leaving } = coreTarget(
      {},
      {
        logout: [
          { binding: 'post', location: 'https://idp.example/slo', responseLocation: undefined },
        ],
      },
    )
    const nameId = {
      value: 'alice',
      format: undefined,
      nameQualifier: undefined,
      spNameQualifier: undefined,
    }
    const session = { nameId, sessionIndex: 's1', endsAt: undefined }
    const logout = await leaving.startLogout({ session, browserNonce: 'b', carry: '' })
    for (const message of [request, logout]) {
      if (message?.binding !== 'post') throw new Error('expected a form')
      const file = join(folder, 'ours.xml')
      await writeFile(file, Buffer.from(message.fields['SAMLRequest'] ?? '', 'base64'))
      const trusted = ['--pubkey-cert-pem', join(folder, 'sp.crt')]
      await expect(
        run('xmlsec1', ['--verify', ...trusted, ...idAttributes, file]),
      ).resolves.toBeDefined()
    }
  })
})
