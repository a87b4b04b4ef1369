import { contextTag, DerFault, DerReader, onlyElement, tags } from '../der/der-reader.ts'
import { readTrue } from '../der/der-values.ts'
import { basicConstraints, extensionIds, readExtension } from '../extensions.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'

/** Which certificates a list speaks of (RFC 5280 §5.2.5). */
export interface IssuingPoint {
  readonly only: 'users' | 'authorities' | undefined
  /** DER content of the URIs of a list that is one of several; undefined for one that is whole. */
  readonly uris: readonly Buffer[] | undefined
}

const fullName = contextTag(0, 'constructed')
const uri = contextTag(6, 'primitive')

/** Reads the issuing distribution point. Throws DerFault for lists that say less than everything on their part. */
export function readIssuingPoint(value: Buffer): IssuingPoint {
  const reader = new DerReader(onlyElement(value, tags.sequence).content)
  const point = reader.takeIf(contextTag(0, 'constructed'))
  const users = reader.takeIf(contextTag(1, 'primitive'))
  const authorities = reader.takeIf(contextTag(2, 'primitive'))
  if (!reader.atEnd) throw new DerFault('an indirect list, or one for some reasons only')
  const forUsers = users !== undefined && readTrue(users)
  const forAuthorities = authorities !== undefined && readTrue(authorities)
  if (forUsers && forAuthorities) throw new DerFault('a list that is for nobody')
  return {
    only: forUsers ? 'users' : forAuthorities ? 'authorities' : undefined,
    uris: point && urisOf(new DerReader(point.content)),
  }
}

/** Whether a list of that scope speaks of a certificate, given who issued both. Throws CertificateRefusal. */
export function covers({ only, uris }: IssuingPoint, certificate: ParsedCertificate): boolean {
  const { ca } = basicConstraints(certificate)
  if ((only === 'users' && ca) || (only === 'authorities' && !ca)) return false
  if (uris === undefined) return true
  const points = readExtension(certificate, extensionIds.crlDistributionPoints, (value) => {
    const list = new DerReader(onlyElement(value, tags.sequence).content)
    return [...list.rest()].flatMap(({ content }) => {
      const name = new DerReader(content).takeIf(contextTag(0, 'constructed'))
      return name ? urisOf(new DerReader(name.content)) : []
    })
  })
  return (points ?? []).some((point) => uris.some((other) => other.equals(point)))
}

/** Those of a DistributionPointName (RFC 5280 §4.2.1.13). */
function urisOf(reader: DerReader): readonly Buffer[] {
  if (reader.tag !== fullName) return []
  return [...reader.enter(fullName).rest()]
    .filter(({ tag }) => tag === uri)
    .map(({ content }) => content)
}
