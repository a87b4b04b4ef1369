import type { IdentityProvider } from './identity-provider.ts'
import { fingerprintOf, signingCertificates } from './metadata-certificates.ts'
import { readEndpoints } from './metadata-endpoints.ts'
import { MetadataFault } from './metadata-fault.ts'
import { parseInstant } from './saml-instant.ts'
import { metadataNs, protocolNs } from './saml-names.ts'
import { SamlRefusal } from './saml-refusal.ts'
import { verifyEnveloped } from './verify-enveloped.ts'
import { readXml, type XmlLimits } from './xml/read-xml.ts'
import { attributeOf, childrenOf, isElement, type XmlElement } from './xml/xml-element.ts'
import { XmlFault } from './xml/xml-fault.ts'

/** How metadata is read. */
export interface MetadataReading {
  /** Which provider to take, where the metadata describes several. */
  readonly entityId: string | undefined
  /** PEM certificates, one of which must have signed the metadata; empty wants no signature. */
  readonly signedBy: readonly string[]
  /** SHA-256 fingerprints (lower-case hexadecimal): only signing certificates with one of them count. Empty takes all. */
  readonly fingerprints?: readonly string[]
  readonly now: Date
}

// Written by people and tools, so comments are fine; and a federation may describe hundreds.
const limits: XmlLimits = { maxDepth: 64, maxElements: 200_000, asides: 'skip' }

interface Candidate {
  readonly entity: XmlElement
  readonly validUntil: number | undefined
}

/**
 * Reads an identity provider from SAML metadata (SAML metadata §2.3, §2.4.3): one EntityDescriptor, or the one that is
 * asked for in an EntitiesDescriptor. Throws MetadataFault, with what to do about it.
 */
export function readMetadata(text: string, reading: MetadataReading): IdentityProvider {
  const root = readRoot(text, reading.signedBy)
  const candidates = [...findEntities(root, undefined)].filter(({ entity }) => descriptorOf(entity))
  const { entity, validUntil } = pick(candidates, reading.entityId)
  const descriptor = descriptorOf(entity)
  if (!descriptor) throw new MetadataFault('The metadata describes no identity provider.')
  const end = earliest(validUntil, readEnd(descriptor))
  if (end !== undefined && end <= reading.now.getTime())
    throw new MetadataFault(
      `The metadata was valid until ${new Date(end).toISOString()}. Fetch it anew from the identity provider.`,
    )
  const signIn = readEndpoints(descriptor, 'SingleSignOnService')
  if (signIn.length === 0)
    throw new MetadataFault(
      'The identity provider offers no SingleSignOnService with the HTTP-Redirect or HTTP-POST binding.',
    )
  return {
    entityId: attributeOf(entity, 'entityID') ?? '',
    certificates: pinned(signingCertificates(descriptor), reading.fingerprints ?? []),
    signIn,
    logout: readEndpoints(descriptor, 'SingleLogoutService'),
    wantsSignedRequests: ['true', '1'].includes(
      attributeOf(descriptor, 'WantAuthnRequestsSigned') ?? '',
    ),
    validUntil: end,
  }
}

function pinned(
  certificates: readonly string[],
  fingerprints: readonly string[],
): readonly string[] {
  if (fingerprints.length === 0) return certificates
  const found = certificates.map((certificate) => ({ certificate, is: fingerprintOf(certificate) }))
  const trusted = found.filter(({ is }) => fingerprints.includes(is))
  if (trusted.length === 0)
    throw new MetadataFault(
      `No signing certificate in the metadata has a fingerprint that is configured. Found: ${found.map(({ is }) => is).join(', ')}`,
    )
  return trusted.map(({ certificate }) => certificate)
}

function readRoot(text: string, signedBy: readonly string[]): XmlElement {
  try {
    const root = readXml(text, limits)
    if (signedBy.length === 0) return root
    return verifyEnveloped(text, root, signedBy, { allowSha1: false }, limits)
  } catch (error) {
    if (error instanceof XmlFault)
      throw new MetadataFault(`The metadata can not be read. Found: ${error.message}.`, {
        cause: error,
      })
    if (error instanceof SamlRefusal)
      throw new MetadataFault(
        `The metadata is not signed as it must be with the configured certificate: ${error.detail ?? ''}`,
        { cause: error },
      )
    throw error
  }
}

function* findEntities(element: XmlElement, outerEnd: number | undefined): Generator<Candidate> {
  const validUntil = earliest(outerEnd, readEnd(element))
  if (isElement(element, metadataNs, 'EntityDescriptor')) {
    yield { entity: element, validUntil }
  } else if (isElement(element, metadataNs, 'EntitiesDescriptor')) {
    for (const child of element.children) yield* findEntities(child, validUntil)
  }
}

function descriptorOf(entity: XmlElement): XmlElement | undefined {
  return childrenOf(entity, metadataNs, 'IDPSSODescriptor').find((descriptor) =>
    (attributeOf(descriptor, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(protocolNs),
  )
}

function pick(candidates: readonly Candidate[], entityId: string | undefined): Candidate {
  const named = candidates.filter(
    ({ entity }) => entityId === undefined || attributeOf(entity, 'entityID') === entityId,
  )
  const [candidate, ...others] = named
  if (candidate && others.length === 0 && attributeOf(candidate.entity, 'entityID'))
    return candidate
  const known = candidates.slice(0, 5).map(({ entity }) => attributeOf(entity, 'entityID') ?? '?')
  if (candidates.length === 0)
    throw new MetadataFault('The metadata describes no SAML 2.0 identity provider.')
  throw new MetadataFault(
    entityId === undefined
      ? `The metadata describes ${String(candidates.length)} identity providers. Configure which: ${known.join(', ')}`
      : `The metadata does not describe ${entityId} exactly once. It describes: ${known.join(', ')}`,
  )
}

function readEnd(element: XmlElement): number | undefined {
  const text = attributeOf(element, 'validUntil')
  if (text === undefined) return undefined
  const end = parseInstant(text)
  if (end === undefined)
    throw new MetadataFault(`validUntil must be a time with a zone. Found: ${text.slice(0, 64)}`)
  return end
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}
