import type { AttributeMapping } from '../world/world.ts'
import { TAG_VALUE } from '../sts/session-tags.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { NameAttribute } from '../x509/names.ts'

/** The session tags that a certificate gives, and what had to be left out. */
export interface CertificateTags {
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  /** Specifiers whose value is no legal tag, by field. */
  readonly dropped: Readonly<Record<AttributeMapping['field'], readonly string[]>>
}

/** IAM Roles Anywhere User Guide, attribute mapping. */
const DEFAULT_MAPPINGS: readonly AttributeMapping[] = [
  { field: 'x509Subject', specifiers: ['*'] },
  { field: 'x509Issuer', specifiers: ['*'] },
  { field: 'x509SAN', specifiers: ['DNS', 'URI', 'Name/*'] },
]

const LEGAL_VALUE = new RegExp(`^${TAG_VALUE.pattern}$`, 'u')

/** Tags such as `x509Subject/CN`. A value that STS wouldn't take is dropped in silence. */
export function certificateTags(
  certificate: Certificate,
  mappings: readonly AttributeMapping[] = DEFAULT_MAPPINGS,
): CertificateTags {
  const tags = new Map<string, string>()
  const dropped: Record<AttributeMapping['field'], string[]> = {
    x509Subject: [],
    x509Issuer: [],
    x509SAN: [],
  }
  for (const { field, specifiers } of mappings) {
    for (const [specifier, value] of specifiers.flatMap((one) => mapped(certificate, field, one))) {
      if (value.length <= TAG_VALUE.max && LEGAL_VALUE.test(value)) {
        tags.set(`${field}/${specifier}`, value)
      } else dropped[field].push(specifier)
    }
  }
  return { tags: [...tags].map(([key, value]) => ({ key, value })), dropped }
}

function mapped(
  certificate: Certificate,
  field: AttributeMapping['field'],
  specifier: string,
): [specifier: string, value: string][] {
  if (field !== 'x509SAN')
    return named(certificate[field === 'x509Subject' ? 'subject' : 'issuer'], specifier)
  const { dns, uris, directoryNames } = certificate.alternativeNames
  const [kind = '', rest] = specifier.split('/', 2)
  if (kind === 'Name') {
    return named(directoryNames[0] ?? [], rest ?? '*').map(([name, value]) => [
      `Name/${name}`,
      value,
    ])
  }
  const values = kind === 'DNS' ? dns : kind === 'URI' ? uris : []
  // Without a number it is the first; reports show that there are numbers.
  const value = values[Number(rest ?? '1') - 1]
  return value === undefined ? [] : [[specifier, value]]
}

/** Attributes that repeat are joined in the certificate's order. */
function named(name: readonly NameAttribute[], specifier: string): [string, string][] {
  const wanted = name.filter((attribute) => specifier === '*' || attribute.name === specifier)
  const groups = Map.groupBy(wanted, (attribute) => attribute.name)
  return [...groups].map(([key, list]) => [key, list.map(({ value }) => value).join('/')])
}

/** What AWS adds to a denial when tags were dropped, which a trust policy may have asked for. */
export function droppedTagsNote({ dropped }: CertificateTags): string {
  const lists = [dropped.x509Issuer, dropped.x509Subject, dropped.x509SAN]
  if (lists.every((list) => list.length === 0)) return ''
  const [issuer, subject, san] = lists.map((list) => `[ ${list.join(', ')} ]`)
  return ` Some attributes failed to be mapped into session tags. Issuer: ${issuer ?? ''}; Subject: ${subject ?? ''}; SAN: ${san ?? ''}`
}
