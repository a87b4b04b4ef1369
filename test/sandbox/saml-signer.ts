import { createHash, type KeyObject, randomBytes, sign as cryptoSign } from 'node:crypto'
import { makeTestKey, type TestKey } from '../support/saml/self-signed.ts'

/**
 * SAML responses written in canonical form from the start, so that they can be signed with node:crypto alone: neither
 * the sandbox's XML library nor its signature library has a part in them.
 */
export interface AssertionPlan {
  readonly issuer: string
  readonly now: Date
  /** Seconds from now of IssueInstant, and of when the rest ends. */
  readonly issued: number
  readonly ends: number
  readonly notBefore: number | undefined
  readonly conditionsEnd: number | undefined
  readonly sessionEnds: number | undefined
  readonly recipient: string | undefined
  readonly audiences: readonly (readonly string[])[]
  readonly nameId: string | undefined
  readonly nameIdFormat: string | undefined
  readonly method: string
  readonly confirmations: number
  readonly attributes: readonly (readonly [name: string, values: readonly string[]])[]
  readonly status: string
  readonly version: string
  readonly responseIssuer: string | undefined
  /** Where nothing else will do: the assertion's text before it is signed. */
  readonly rewrite: (assertion: string) => string
}

export interface SigningPlan {
  readonly key: Pick<TestKey, 'privateKey'>
  readonly what: 'assertion' | 'response' | 'both' | 'nothing'
  readonly algorithm: 'sha256' | 'sha512' | 'sha1'
}

export const IDP = 'https://idp.example/metadata'
export const AWS_ATTRIBUTE = 'https://aws.amazon.com/SAML/Attributes/'
export const PROVIDER = 'arn:aws:iam::111111111111:saml-provider/Corp'
export const RECIPIENT = 'https://broker.example/saml/adfs/acs'
export const SAML_ROLE = 'arn:aws:iam::111111111111:role/Saml'
export const idpKey = makeTestKey({ subject: 'idp' })
export const strangerKey = makeTestKey({ subject: 'idp' })

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion'
const DS = 'http://www.w3.org/2000/09/xmldsig#'
const C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'

export function plan(now: Date, more: Partial<AssertionPlan> = {}): AssertionPlan {
  return {
    issuer: IDP,
    now,
    issued: 0,
    ends: 300,
    notBefore: -60,
    conditionsEnd: 300,
    sessionEnds: undefined,
    recipient: RECIPIENT,
    audiences: [['urn:amazon:webservices']],
    nameId: 'u-4711',
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    confirmations: 1,
    attributes: awsAttributes(),
    status: 'Success',
    version: '2.0',
    responseIssuer: IDP,
    rewrite: (text) => text,
    ...more,
  }
}

/** The attributes for AWS; an undefined one is left out. */
export function awsAttributes(
  more: Readonly<Record<string, readonly string[] | undefined>> = {},
): AssertionPlan['attributes'] {
  const all: Record<string, readonly string[] | undefined> = {
    Role: [`${SAML_ROLE},${PROVIDER}`],
    RoleSessionName: ['alice'],
    ...more,
  }
  return Object.entries(all).flatMap(([name, values]) =>
    values === undefined ? [] : [[`${AWS_ATTRIBUTE}${name}`, values] as const],
  )
}

/** The response, as it is posted: base64. */
export function samlResponse(about: AssertionPlan, signing: Partial<SigningPlan> = {}): string {
  return Buffer.from(samlXml(about, signing)).toString('base64')
}

export function samlXml(about: AssertionPlan, signing: Partial<SigningPlan> = {}): string {
  const { key = idpKey, what = 'assertion', algorithm = 'sha256' } = signing
  const by = (id: string, xml: string): string => withSignature(xml, id, key.privateKey, algorithm)
  const id = `_${randomBytes(16).toString('hex')}`
  const plain = about.rewrite(assertionXml(about, id))
  const assertion = what === 'assertion' || what === 'both' ? by(id, plain) : plain
  const responseId = `_${randomBytes(16).toString('hex')}`
  const issuer =
    about.responseIssuer === undefined
      ? ''
      : `<Issuer xmlns="${ASSERTION}">${escapeXml(about.responseIssuer)}</Issuer>`
  const response =
    `<samlp:Response xmlns:samlp="${PROTOCOL}" ID="${responseId}" IssueInstant="${at(about, about.issued)}" Version="2.0">` +
    `${issuer}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${about.status}"></samlp:StatusCode></samlp:Status>` +
    `${assertion}</samlp:Response>`
  return what === 'response' || what === 'both' ? by(responseId, response) : response
}

function assertionXml(about: AssertionPlan, id: string): string {
  const format = about.nameIdFormat === undefined ? '' : ` Format="${about.nameIdFormat}"`
  const name =
    about.nameId === undefined ? '' : `<NameID${format}>${escapeXml(about.nameId)}</NameID>`
  const recipient =
    about.recipient === undefined ? '' : ` Recipient="${escapeXml(about.recipient)}"`
  const confirmation =
    `<SubjectConfirmation Method="${about.method}"><SubjectConfirmationData` +
    ` NotOnOrAfter="${at(about, about.ends)}"${recipient}></SubjectConfirmationData></SubjectConfirmation>`
  const session =
    about.sessionEnds === undefined ? '' : ` SessionNotOnOrAfter="${at(about, about.sessionEnds)}"`
  const attributes = about.attributes.map(
    ([key, values]) =>
      `<Attribute Name="${escapeXml(key)}">${values
        .map((value) => `<AttributeValue>${escapeXml(value)}</AttributeValue>`)
        .join('')}</Attribute>`,
  )
  return (
    `<Assertion xmlns="${ASSERTION}" ID="${id}" IssueInstant="${at(about, about.issued)}" Version="${about.version}">` +
    `<Issuer>${escapeXml(about.issuer)}</Issuer>` +
    `<Subject>${name}${confirmation.repeat(about.confirmations)}</Subject>` +
    conditions(about) +
    `<AuthnStatement AuthnInstant="${at(about, about.issued)}" SessionIndex="s1"${session}></AuthnStatement>` +
    `<AttributeStatement>${attributes.join('')}</AttributeStatement></Assertion>`
  )
}

function conditions(about: AssertionPlan): string {
  const start = about.notBefore === undefined ? '' : ` NotBefore="${at(about, about.notBefore)}"`
  const end =
    about.conditionsEnd === undefined ? '' : ` NotOnOrAfter="${at(about, about.conditionsEnd)}"`
  const restrictions = about.audiences.map(
    (list) =>
      `<AudienceRestriction>${list
        .map((one) => `<Audience>${escapeXml(one)}</Audience>`)
        .join('')}</AudienceRestriction>`,
  )
  return `<Conditions${start}${end}>${restrictions.join('')}</Conditions>`
}

/** Puts an enveloped signature behind the Issuer, or first where there is none. */
export function withSignature(
  xml: string,
  id: string,
  privateKey: string | KeyObject,
  algorithm: SigningPlan['algorithm'] = 'sha256',
): string {
  const [method, digest] =
    algorithm === 'sha1'
      ? [`${DS}rsa-sha1`, `${DS}sha1`]
      : [
          `http://www.w3.org/2001/04/xmldsig-more#rsa-${algorithm}`,
          `http://www.w3.org/2001/04/xmlenc#${algorithm}`,
        ]
  const value = createHash(algorithm).update(xml).digest('base64')
  const info = (namespace: string): string =>
    `<ds:SignedInfo${namespace}><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${method}"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${C14N}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${digest}"></ds:DigestMethod><ds:DigestValue>${value}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const signed = info(` xmlns:ds="${DS}"`)
  const signature = cryptoSign(algorithm, Buffer.from(signed), privateKey).toString('base64')
  const element = `<ds:Signature xmlns:ds="${DS}">${info('')}<ds:SignatureValue>${signature}</ds:SignatureValue></ds:Signature>`
  const issuerEnd = xml.indexOf('</Issuer>')
  const place = issuerEnd < 0 ? xml.indexOf('>') + 1 : issuerEnd + '</Issuer>'.length
  return `${xml.slice(0, place)}${element}${xml.slice(place)}`
}

/** A metadata document as an identity provider would hand it to IAM. */
export function idpMetadata(
  certificates: readonly string[] = [idpKey.certificate],
  entityId: string = IDP,
): string {
  const keys = certificates.map(
    (pem) =>
      `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${DS}"><ds:X509Data><ds:X509Certificate>${pem.replace(/-----[^-]+-----|\s/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
  )
  return (
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${entityId}">` +
    `<md:IDPSSODescriptor protocolSupportEnumeration="${PROTOCOL}">${keys.join('')}</md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

function at(about: AssertionPlan, seconds: number): string {
  return new Date(about.now.getTime() + seconds * 1000).toISOString()
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
