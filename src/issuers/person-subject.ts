import { createHash } from 'node:crypto'
import { AccessDenied } from '../errors.ts'
import type { Person } from '../identity/identity.ts'
import type { SubjectAttribute } from '../keys/issue-certificate.ts'
import type { IssueOrder } from './issuer.ts'

/** Characters, by attribute (RFC 5280 appendix A, upper bounds); a country has exactly two. */
const longest: Readonly<Record<Exclude<SubjectAttribute, 'CN'>, number>> = {
  C: 2,
  ST: 128,
  L: 128,
  O: 64,
  OU: 64,
}
const order = ['C', 'ST', 'L', 'O', 'OU'] as const

/**
 * The subject of a person's certificate. AWS makes the source identity of the common name, and a session tag of every
 * attribute (`x509Subject/CN`), and drops in silence what STS would not take; a policy that denies by StringNotEquals is
 * then met. So the common name is the source identity or role session name that was decided, which STS takes in any case,
 * and the others are the population and the role's tags of those names. Throws AccessDenied for a value that no
 * certificate can hold.
 */
export function personSubject(
  asked: Pick<IssueOrder, 'person' | 'roleSessionName' | 'sourceIdentity' | 'tags'>,
): readonly (readonly [SubjectAttribute, string])[] {
  const { person, roleSessionName, sourceIdentity, tags } = asked
  const values = new Map([['O', person.people], ...attributesIn(tags)])
  const others = order.flatMap((name): [SubjectAttribute, string][] => {
    const value = values.get(name)
    return value === undefined ? [] : [[name, checked(name, value)]]
  })
  return [...others, ['CN', sourceIdentity ?? roleSessionName]]
}

function attributesIn(tags: IssueOrder['tags']): readonly [string, string][] {
  return Object.entries(tags).map(([key, value]) => {
    const name = order.find((known) => key === `x509Subject/${known}`)
    if (name === undefined) throw new TypeError(`no certificate can hold the tag ${key}`)
    return [name, value]
  })
}

function checked(name: (typeof order)[number], value: string): string {
  const fits = name === 'C' ? /^[A-Za-z]{2}$/.test(value) : value.length <= longest[name]
  if (value !== '' && fits) return value
  throw new AccessDenied(
    `The certificate for this role needs "${name}", and a certificate does not take the value that your sign-in brought for it. Ask your administrator to change it.`,
    { detail: `x509Subject/${name}: ${value.length} characters` },
  )
}

const mostUri = 256

/**
 * The immutable ID of a person as a URI that is a legal tag value too (`x509SAN/URI`): what STS does not take in a tag,
 * percent signs among it, becomes `=` and two hexadecimal digits. An ID that is too long becomes its hash.
 */
export function personUri({ people, id }: Person): string {
  const written = [...Buffer.from(id)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[\w.@+-]/.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
  const uri = `urn:postern:${people}:${written}`
  if (uri.length <= mostUri) return uri
  return `urn:postern:${people}:=sha256=${createHash('sha256').update(id).digest('hex')}`
}
