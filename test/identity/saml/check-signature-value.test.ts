import { describe, expect, test } from 'vitest'
import { checkSignatureValue } from '../../../src/identity/saml/check-signature-value.ts'
import { SamlRefusal } from '../../../src/identity/saml/saml-refusal.ts'
import { readXml } from '../../../src/identity/saml/xml/read-xml.ts'
import { childrenOf } from '../../../src/identity/saml/xml/xml-element.ts'
import { makeKit } from '../../support/saml/attack-kit.ts'
import { coreTarget } from '../../support/saml/core-target.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import type { TestKey } from '../../support/saml/self-signed.ts'

const { idp, attacker } = samlCast()
const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const kit = await makeKit(coreTarget(), 'response')

function check(text: string, certificates: readonly TestKey[]): void {
  const [signature] = childrenOf(readXml(text), dsig, 'Signature')
  if (!signature) throw new Error('expected a signature')
  checkSignatureValue(
    text,
    signature,
    certificates.map(({ certificate }) => certificate),
  )
}

describe('the value of a signature', () => {
  test('is known by its SignedInfo alone', () => {
    const text = kit.seal()
    expect(() => {
      check(text, [attacker, idp])
    }).not.toThrow()
    expect(() => {
      check(text, [attacker])
    }).toThrow(SamlRefusal)
    expect(() => {
      check(text, [])
    }).toThrow(SamlRefusal)
    expect(() => {
      check(text.replace(/<ds:DigestValue>./, '<ds:DigestValue>!'), [idp])
    }).toThrow(SamlRefusal)
  })

  test('is found with its prefix declared further out, and with line ends of any kind', () => {
    const text = kit
      .seal()
      .replace(` xmlns:ds="${dsig}"`, '')
      .replace('<samlp:Response ', `<samlp:Response xmlns:ds="${dsig}"\r\n `)
      .replace(/(<ds:SignatureValue>.{64})/, '$1&#13;\r\n')
    expect(() => {
      check(text, [idp])
    }).not.toThrow()
  })
})
