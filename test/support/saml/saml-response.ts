import { SignedXml } from 'xml-crypto'
import { encrypt, type EncryptOptions } from 'xml-encryption'
import type { TestKey } from './self-signed.ts'

export const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol'
export const assertion = 'urn:oasis:names:tc:SAML:2.0:assertion'
const dsig = 'http://www.w3.org/2000/09/xmldsig#'

/** Everything that a response says; each part can be bent. XML where it says so, text elsewhere. */
export interface ResponsePlan {
  readonly responseId: string
  readonly assertionId: string
  readonly issueInstant: string
  readonly issuer: string
  readonly destination: string | undefined
  readonly recipient: string | undefined
  readonly audience: string
  readonly inResponseTo: string | undefined
  readonly nameId: string
  readonly nameIdFormat: string
  readonly notBefore: string
  readonly notOnOrAfter: string
  readonly authnInstant: string
  /** Attribute name to values. */
  readonly attributes: Readonly<Record<string, readonly string[]>>

  // Parts as XML, for what the fields above can't bend.
  readonly responseAttributes?: string
  readonly responseIssuer?: string
  readonly status?: string
  readonly assertionAttributes?: string
  readonly assertionIssuer?: string
  readonly subject?: string
  readonly nameIdElement?: string
  readonly confirmation?: string
  readonly confirmationMethod?: string
  readonly confirmationData?: string
  readonly conditions?: string
  readonly authnStatement?: string
  readonly attributeStatement?: string
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function attribute(name: string, value: string | undefined): string {
  return value === undefined ? '' : ` ${name}="${escape(value)}"`
}

const successStatus =
  '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'

function issuerElement(plan: ResponsePlan): string {
  return `<saml:Issuer>${escape(plan.issuer)}</saml:Issuer>`
}

export function confirmationDataElement(plan: ResponsePlan, more = ''): string {
  return (
    `<saml:SubjectConfirmationData${attribute('NotOnOrAfter', plan.notOnOrAfter)}` +
    `${attribute('Recipient', plan.recipient)}${attribute('InResponseTo', plan.inResponseTo)}${more}/>`
  )
}

export function nameIdElement(plan: ResponsePlan): string {
  return `<saml:NameID Format="${escape(plan.nameIdFormat)}">${escape(plan.nameId)}</saml:NameID>`
}

export function confirmationElement(plan: ResponsePlan): string {
  const method = plan.confirmationMethod ?? 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
  return (
    `<saml:SubjectConfirmation Method="${method}">` +
    `${plan.confirmationData ?? confirmationDataElement(plan)}</saml:SubjectConfirmation>`
  )
}

export function conditionsElement(plan: ResponsePlan): string {
  return (
    `<saml:Conditions${attribute('NotBefore', plan.notBefore)}${attribute('NotOnOrAfter', plan.notOnOrAfter)}>` +
    `<saml:AudienceRestriction><saml:Audience>${escape(plan.audience)}</saml:Audience>` +
    `</saml:AudienceRestriction></saml:Conditions>`
  )
}

export function authnStatementElement(plan: ResponsePlan, more = ''): string {
  return (
    `<saml:AuthnStatement${attribute('AuthnInstant', plan.authnInstant)} SessionIndex="s1"${more}>` +
    '<saml:AuthnContext><saml:AuthnContextClassRef>' +
    'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport' +
    '</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>'
  )
}

export function attributeElement(name: string, values: readonly string[]): string {
  const inner = values.map((v) => `<saml:AttributeValue>${escape(v)}</saml:AttributeValue>`)
  return `<saml:Attribute Name="${escape(name)}">${inner.join('')}</saml:Attribute>`
}

/** The assertion, unsigned. */
export function assertionXml(plan: ResponsePlan): string {
  const attributes = Object.entries(plan.attributes).map(([k, v]) => attributeElement(k, v))
  return (
    `<saml:Assertion xmlns:saml="${assertion}" ID="${plan.assertionId}"` +
    (plan.assertionAttributes ??
      `${attribute('Version', '2.0')}${attribute('IssueInstant', plan.issueInstant)}`) +
    `>${plan.assertionIssuer ?? issuerElement(plan)}` +
    (plan.subject ??
      `<saml:Subject>${plan.nameIdElement ?? nameIdElement(plan)}` +
        `${plan.confirmation ?? confirmationElement(plan)}</saml:Subject>`) +
    (plan.conditions ?? conditionsElement(plan)) +
    (plan.authnStatement ?? authnStatementElement(plan)) +
    (plan.attributeStatement ??
      `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`) +
    `</saml:Assertion>`
  )
}

/** A response around what it carries: an assertion or an encrypted one, as XML. */
export function responseXml(plan: ResponsePlan, carried: string): string {
  return (
    `<samlp:Response xmlns:samlp="${protocol}" xmlns:saml="${assertion}" ID="${plan.responseId}"` +
    (plan.responseAttributes ??
      `${attribute('Version', '2.0')}${attribute('IssueInstant', plan.issueInstant)}` +
        `${attribute('Destination', plan.destination)}${attribute('InResponseTo', plan.inResponseTo)}`) +
    `>${plan.responseIssuer ?? issuerElement(plan)}${plan.status ?? successStatus}${carried}` +
    `</samlp:Response>`
  )
}

export interface SigningOptions {
  readonly signatureAlgorithm?: string
  readonly digestAlgorithm?: string
  readonly canonicalizationAlgorithm?: string
  readonly transforms?: readonly string[]
}

export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
export const rsaSha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
export const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
export const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1'
export const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'

/** Signs the element with this ID, with the signature after its Issuer, where SAML has it. */
export function signElement(
  xml: string,
  id: string,
  key: TestKey,
  options: SigningOptions = {},
): string {
  const target = `//*[@ID='${id}']`
  const signer = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificate,
    signatureAlgorithm: options.signatureAlgorithm ?? rsaSha256,
    canonicalizationAlgorithm: options.canonicalizationAlgorithm ?? exclusiveC14n,
  })
  signer.addReference({
    xpath: target,
    transforms: [...(options.transforms ?? [enveloped, exclusiveC14n])],
    digestAlgorithm: options.digestAlgorithm ?? sha256,
  })
  const reference = `${target}/*[local-name(.)='Issuer']`
  signer.computeSignature(xml, { prefix: 'ds', location: { reference, action: 'after' } })
  return signer.getSignedXml()
}

/** The first Signature in the XML. */
export function signatureOf(xml: string): string {
  return /<ds:Signature[ >].*?<\/ds:Signature>/s.exec(xml)?.[0] ?? ''
}

export interface EncryptionOptions {
  readonly algorithm?: EncryptOptions['encryptionAlgorithm']
  readonly keyAlgorithm?: EncryptOptions['keyEncryptionAlgorithm']
}

/** An EncryptedAssertion of the XML, for whoever holds the key. */
export async function encryptAssertion(
  xml: string,
  key: TestKey,
  options: EncryptionOptions = {},
): Promise<string> {
  const encrypted = await new Promise<string>((resolve, reject) => {
    encrypt(
      xml,
      {
        rsa_pub: key.publicKey,
        pem: key.certificate,
        encryptionAlgorithm: options.algorithm ?? 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
        keyEncryptionAlgorithm:
          options.keyAlgorithm ?? 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
        warnInsecureAlgorithm: false,
      },
      (error: Error | null, result) => {
        if (error) reject(error)
        else resolve(result)
      },
    )
  })
  return `<saml:EncryptedAssertion xmlns:saml="${assertion}">${encrypted}</saml:EncryptedAssertion>`
}

/** A Signature element of our own making, for shapes that no library writes. */
export function dsElement(name: string, inner: string, attributes = ''): string {
  return `<ds:${name} xmlns:ds="${dsig}"${attributes}>${inner}</ds:${name}>`
}
