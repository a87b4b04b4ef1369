import type { AwsRolePair } from '../identity.ts'
import { readAwsRoles } from './aws-role-attribute.ts'
import type { Assertion } from './check-assertion.ts'
import { transientFormat } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import type { SamlAttributeNames } from './saml-settings.ts'

/** What a provider says of a person, by the names that the configuration gives. */
export interface SamlClaims {
  /** Immutable at this provider. */
  readonly id: string
  readonly name: string
  readonly displayName: string | undefined
  readonly email: string | undefined
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
  readonly awsRoles: readonly AwsRolePair[]
  /** Values of the AWS role attribute that are no pair, for the log. */
  readonly malformedAwsRoles: readonly string[]
}

// Control characters and marks that reorder what is read have no place in a name.
const unreadable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

/** Makes claims of a checked assertion. Throws SamlRefusal when it names nobody. */
export function readClaims(
  { nameId, attributes }: Pick<Assertion, 'nameId' | 'attributes'>,
  names: SamlAttributeNames,
): SamlClaims {
  const valuesOf = (candidates: readonly string[]): readonly string[] =>
    candidates.map((name) => attributes.get(name)).find((values) => values?.length) ?? []
  const textOf = (candidates: readonly string[]) => readable(valuesOf(candidates)[0])
  const id = personId(nameId, names.id, valuesOf(names.id))
  const session = Object.entries(names.session)
    .map(([name, candidates]) => [name, valuesOf(candidates)] as const)
    .filter(([, values]) => values.length > 0)
  const { pairs, malformed } = readAwsRoles(valuesOf(names.awsRoles))
  return {
    id,
    name: textOf(names.name) ?? nameOf(nameId) ?? id,
    displayName: textOf(names.displayName),
    email: textOf(names.email),
    groups: [...new Set(valuesOf(names.groups).filter((group) => group !== ''))],
    // fromEntries defines properties, so not even __proto__ is special.
    attributes: Object.fromEntries(session),
    awsRoles: pairs,
    malformedAwsRoles: malformed,
  }
}

function nameOf({ value, format }: Assertion['nameId']): string | undefined {
  return format === transientFormat ? undefined : readable(value)
}

function readable(value: string | undefined): string | undefined {
  const text = value?.trim()
  return text === undefined || text === '' || unreadable.test(text) ? undefined : text
}

function personId(
  nameId: Assertion['nameId'],
  names: readonly string[],
  values: readonly string[],
): string {
  if (names.length === 0) {
    if (nameId.format === transientFormat) refuse('saml_name_id_transient')
    return checked(nameId.value)
  }
  const [value, ...others] = values
  if (value === undefined || others.length > 0)
    refuse('saml_person', `Found: ${String(values.length)} values of ${names.join(' or ')}.`)
  return checked(value)
}

function checked(id: string): string {
  if (id === '' || id.length > 1024 || id !== id.trim() || unreadable.test(id))
    refuse('saml_person')
  return id
}
