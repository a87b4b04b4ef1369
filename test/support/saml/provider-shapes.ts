import { SignedXml } from 'xml-crypto'
import type { SamlPresetName } from '../../../src/identity/saml/saml-presets.ts'
import { samlCast } from './saml-cast.ts'
import {
  assertion as assertionNs,
  encryptAssertion,
  enveloped,
  exclusiveC14n,
  protocol,
  type ResponsePlan,
  rsaSha256,
  sha256,
} from './saml-response.ts'

/** How a product writes its responses, as far as it shows: prefixes, declarations, what is signed, what stands where. */
interface Shape {
  /** Prefixes of protocol and assertion; empty for a default namespace. */
  readonly p: string
  readonly a: string
  readonly signature: string
  readonly signs: 'assertion' | 'response' | 'both'
  readonly head?: string
  readonly responseAttributes?: string
  readonly typed?: boolean
  readonly encrypted?: boolean
  readonly nameFormat: string
  readonly authnContext: string
  readonly subjectLocality?: boolean
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** Each value as an attribute of its own. */
  readonly apart?: boolean
}

const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims'
const microsoft = 'http://schemas.microsoft.com'
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const classes = 'urn:oasis:names:tc:SAML:2.0:ac:classes'

const shapes: Readonly<Record<SamlPresetName, Shape>> = {
  adfs: {
    p: 'samlp:',
    a: '',
    signature: 'ds',
    signs: 'assertion',
    responseAttributes: ' Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified"',
    nameFormat: persistent,
    authnContext: 'urn:federation:authentication:windows',
    attributes: {
      [`${claims}/upn`]: ['alice@corp.example'],
      [`${claims}/emailaddress`]: ['alice@corp.example'],
      'http://schemas.xmlsoap.org/claims/Group': [
        'corp.example\\AWS Readers',
        'corp.example\\Staff',
      ],
    },
  },
  entra: {
    p: 'samlp:',
    a: '',
    signature: '',
    signs: 'assertion',
    nameFormat: persistent,
    authnContext: `${classes}:Password`,
    attributes: {
      [`${microsoft}/identity/claims/tenantid`]: ['11111111-2222-3333-4444-555555555555'],
      [`${microsoft}/identity/claims/objectidentifier`]: ['a1b2c3d4-0000-0000-0000-000000000001'],
      [`${claims}/name`]: ['alice@corp.example'],
      [`${microsoft}/identity/claims/displayname`]: ['Alice Ünders'],
      [`${microsoft}/ws/2008/06/identity/claims/groups`]: ['b1', 'b2'],
      [`${claims}/emailaddress`]: ['alice@corp.example'],
    },
  },
  okta: {
    p: 'saml2p:',
    a: 'saml2:',
    signature: 'ds',
    signs: 'both',
    head: '<?xml version="1.0" encoding="UTF-8"?>',
    responseAttributes: ' xmlns:xs="http://www.w3.org/2001/XMLSchema"',
    typed: true,
    nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
    authnContext: `${classes}:PasswordProtectedTransport`,
    attributes: {
      login: ['alice@corp.example'],
      email: ['alice@corp.example'],
      groups: ['aws-readers', 'aws-dev'],
    },
  },
  keycloak: {
    p: 'samlp:',
    a: 'saml:',
    signature: 'dsig',
    signs: 'response',
    typed: true,
    nameFormat: persistent,
    authnContext: `${classes}:unspecified`,
    apart: true,
    attributes: {
      username: ['alice'],
      email: ['alice@corp.example'],
      Role: ['uma', 'offline', 'uma'],
    },
  },
  google: {
    p: 'saml2p:',
    a: 'saml2:',
    signature: 'ds',
    signs: 'assertion',
    head: '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
    typed: true,
    nameFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    authnContext: `${classes}:unspecified`,
    attributes: { email: ['alice@corp.example'], groups: ['aws@corp.example'] },
  },
  shibboleth: {
    p: 'saml2p:',
    a: 'saml2:',
    signature: 'ds',
    signs: 'response',
    head: '<?xml version="1.0" encoding="UTF-8"?>',
    encrypted: true,
    subjectLocality: true,
    nameFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
    authnContext: `${classes}:PasswordProtectedTransport`,
    attributes: {
      'urn:oasis:names:tc:SAML:attribute:subject-id': ['alice@corp.example'],
      'urn:oid:0.9.2342.19200300.100.1.1': ['alice'],
      'urn:oid:1.3.6.1.4.1.5923.1.5.1.1': ['urn:mace:corp:aws', 'urn:mace:corp:staff'],
    },
  },
}

/** A genuine response in a product's manner; `bend` rewrites it on the way. */
export async function shapedResponse(
  preset: SamlPresetName,
  plan: ResponsePlan,
  bend: (xml: string) => string = (xml) => xml,
): Promise<string> {
  const shape = shapes[preset]
  const { idp, decryption } = samlCast()
  let inner = assertionOf(shape, plan)
  if (shape.signs !== 'response') inner = sign(inner, plan.assertionId, shape)
  if (shape.encrypted) inner = (await encryptAssertion(inner, decryption)).replace(/\n\s*/g, '\n')
  let xml = responseOf(shape, plan, inner)
  if (shape.signs !== 'assertion') xml = sign(xml, plan.responseId, shape)
  return `${shape.head ?? ''}${bend(xml)}`

  function sign(text: string, id: string, { signature }: Shape): string {
    const target = `//*[@ID='${id}']`
    const signer = new SignedXml({
      privateKey: idp.privateKey,
      publicCert: idp.certificate,
      signatureAlgorithm: rsaSha256,
      canonicalizationAlgorithm: exclusiveC14n,
    })
    signer.addReference({
      xpath: target,
      transforms: [enveloped, exclusiveC14n],
      digestAlgorithm: sha256,
    })
    const reference = `${target}/*[local-name(.)='Issuer']`
    const prefix = signature === '' ? {} : { prefix: signature }
    signer.computeSignature(text, { ...prefix, location: { reference, action: 'after' } })
    return signer.getSignedXml()
  }
}

const namespace = (prefix: string, uri: string) =>
  prefix === '' ? ` xmlns="${uri}"` : ` xmlns:${prefix.slice(0, -1)}="${uri}"`

function assertionOf(shape: Shape, plan: ResponsePlan): string {
  const { a } = shape
  const tag = (name: string, attributes: string, inner: string) =>
    `<${a}${name}${attributes}>${inner}</${a}${name}>`
  const type = shape.typed
    ? ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string"'
    : ''
  const value = (text: string) => tag('AttributeValue', type, text)
  const attributes = Object.entries(shape.attributes).flatMap(([name, values]) => {
    const groups = shape.apart ? values.map((one) => [one]) : [values]
    return groups.map((some) =>
      tag(
        'Attribute',
        ` Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"`,
        some.map(value).join(''),
      ),
    )
  })
  const data = `<${a}SubjectConfirmationData InResponseTo="${plan.inResponseTo ?? ''}" NotOnOrAfter="${plan.notOnOrAfter}" Recipient="${plan.recipient ?? ''}"/>`
  const locality = shape.subjectLocality ? `<${a}SubjectLocality Address="192.0.2.1"/>` : ''
  return tag(
    'Assertion',
    `${namespace(a, assertionNs)} ID="${plan.assertionId}" IssueInstant="${plan.issueInstant}" Version="2.0"`,
    tag('Issuer', '', plan.issuer) +
      tag(
        'Subject',
        '',
        tag('NameID', ` Format="${shape.nameFormat}"`, 'x-1001') +
          tag('SubjectConfirmation', ' Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"', data),
      ) +
      tag(
        'Conditions',
        ` NotBefore="${plan.notBefore}" NotOnOrAfter="${plan.notOnOrAfter}"`,
        tag('AudienceRestriction', '', tag('Audience', '', plan.audience)),
      ) +
      tag(
        'AuthnStatement',
        ` AuthnInstant="${plan.authnInstant}" SessionIndex="${plan.assertionId}"`,
        locality + tag('AuthnContext', '', tag('AuthnContextClassRef', '', shape.authnContext)),
      ) +
      tag('AttributeStatement', '', attributes.join('')),
  )
}

function responseOf(shape: Shape, plan: ResponsePlan, inner: string): string {
  const { p, a } = shape
  const status = 'urn:oasis:names:tc:SAML:2.0:status:Success'
  return (
    `<${p}Response${namespace(p, protocol)}${shape.responseAttributes ?? ''} Destination="${plan.destination ?? ''}"` +
    ` ID="${plan.responseId}" InResponseTo="${plan.inResponseTo ?? ''}" IssueInstant="${plan.issueInstant}" Version="2.0">` +
    `<${a}Issuer${namespace(a, assertionNs)}>${plan.issuer}</${a}Issuer>` +
    `<${p}Status><${p}StatusCode Value="${status}"/></${p}Status>${inner}</${p}Response>`
  )
}
