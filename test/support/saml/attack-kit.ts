import { randomBytes } from 'node:crypto'
import { samlCast } from './saml-cast.ts'
import {
  assertionXml,
  encryptAssertion,
  type EncryptionOptions,
  type ResponsePlan,
  responseXml,
  signElement,
  type SigningOptions,
} from './saml-response.ts'
import type { Cast, Outcome, PostedFields, Profile, Started, Target } from './saml-target.ts'
import type { TestKey } from './self-signed.ts'

/** What is signed. */
export type Flavour = 'assertion' | 'response' | 'both'
export const flavours: readonly Flavour[] = ['assertion', 'response', 'both']

/** Everything that a case needs to make its response: a sign-in that waits, and the means of the provider. */
export interface Kit {
  readonly target: Target
  readonly flavour: Flavour
  readonly started: Started
  readonly plan: ResponsePlan
  readonly cast: Cast
  /** The response that the provider would send for a plan, signed in this flavour. */
  seal(plan?: Partial<ResponsePlan>, options?: SealOptions): string
  /** The same with the assertion encrypted. */
  sealEncrypted(plan?: Partial<ResponsePlan>, options?: SealOptions): Promise<string>
  /** Posts XML as this browser, with the RelayState of its sign-in. */
  post(xml: string): Promise<Outcome>
  postFields(fields: PostedFields, browser?: string): Promise<Outcome>
}

interface SealOptions extends SigningOptions, EncryptionOptions {
  readonly key?: TestKey
  /** Rewrites the assertion before anything is signed. */
  readonly bend?: (assertion: string) => string
  /** Rewrites the signed assertion before the response around it is signed. */
  readonly bendSigned?: (assertion: string) => string
}

/** One row of the catalogue. */
export interface AttackCase {
  readonly family: string
  readonly name: string
  /** The refusal it must produce. */
  readonly code: string
  readonly flavours?: readonly Flavour[]
  readonly profile?: Profile
  /** Makes the response, or posts by itself. */
  readonly attack: (kit: Kit) => string | Outcome | Promise<string | Outcome>
  /** A response like it that must be accepted; the genuine one of the flavour unless given. */
  readonly twin?: (kit: Kit) => string | Outcome | Promise<string | Outcome>
}

export function toBase64(xml: string): string {
  return Buffer.from(xml, 'utf8').toString('base64')
}

/** A plan of what the provider would say now, in answer to a request. */
export function genuinePlan(target: Target, started: Started | undefined): ResponsePlan {
  const at = (seconds: number) => new Date(target.now() + seconds * 1000).toISOString()
  const id = () => `_${randomBytes(16).toString('hex')}`
  return {
    responseId: id(),
    assertionId: id(),
    issueInstant: at(0),
    issuer: target.issuer,
    destination: target.recipient,
    recipient: target.recipient,
    audience: target.audience,
    inResponseTo: started?.requestId,
    nameId: 'alice@corp.example',
    nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    notBefore: at(-60),
    notOnOrAfter: at(300),
    authnInstant: at(-5),
    attributes: { groups: ['aws-readers'], email: ['alice@corp.example'] },
  }
}

export async function makeKit(target: Target, flavour: Flavour): Promise<Kit> {
  const started = await target.begin()
  const plan = genuinePlan(target, started)
  const cast = samlCast()
  const signsAssertion = flavour !== 'response'
  const signsResponse = flavour !== 'assertion'

  function sealAssertion(whole: ResponsePlan, options: SealOptions): string {
    const bent = (options.bend ?? same)(assertionXml(whole))
    const key = options.key ?? cast.idp
    const signed = signsAssertion ? signElement(bent, whole.assertionId, key, options) : bent
    return (options.bendSigned ?? same)(signed)
  }

  function sealResponse(whole: ResponsePlan, carried: string, options: SealOptions): string {
    const xml = responseXml(whole, carried)
    return signsResponse
      ? signElement(xml, whole.responseId, options.key ?? cast.idp, options)
      : xml
  }

  return {
    target,
    flavour,
    started,
    plan,
    cast,
    seal(more = {}, options = {}) {
      const whole = { ...plan, ...more }
      return sealResponse(whole, sealAssertion(whole, options), options)
    },
    async sealEncrypted(more = {}, options = {}) {
      const whole = { ...plan, ...more }
      const carried = sealAssertion(whole, options)
      return sealResponse(whole, await encryptAssertion(carried, cast.decryption, options), options)
    },
    post: async (xml) =>
      target.post({ SAMLResponse: toBase64(xml), RelayState: started.relayState }, started.browser),
    postFields: async (fields, browser = started.browser) => target.post(fields, browser),
  }
}

function same(text: string): string {
  return text
}
