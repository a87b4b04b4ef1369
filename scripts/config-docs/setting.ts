import type { JsonSchema } from '../../src/config/json-schema.ts'

/** What a value may be, in words: `whole number, 0 to 65535`. */
export function kindOf(schema: JsonSchema): string {
  if (schema.writeOnly === true)
    return schema.pattern === undefined ? 'hash' : 'secret, by reference'
  const branches = schemas([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
  if (isDuration(schema)) return 'duration'
  const kinds = new Set(
    branches.filter((branch) => !isReference(branch)).map((branch) => kindOf(branch)),
  )
  if (kinds.size > 0) return [...kinds].join(', or ')
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.type === 'integer')
    return `whole number, ${String(schema.minimum)} to ${String(schema.maximum)}`
  const kind = typeof schema.type === 'string' ? plainKinds[schema.type] : undefined
  return kind ?? 'mapping, or text'
}

const plainKinds: Readonly<Record<string, string>> = {
  array: 'list',
  boolean: '`true` or `false`',
  object: 'mapping',
  string: 'text',
}

/** Whether a value is a time such as `1h`. */
function isDuration(schema: JsonSchema): boolean {
  return schemas(schema.anyOf ?? []).some(({ pattern }) => pattern?.includes('\\d+h') === true)
}

function isReference({ pattern }: JsonSchema): boolean {
  return pattern?.includes('(env|file)') === true
}

/** Schemas of the keys of a mapping, in their order; those of all branches where it stands in a union. */
export function partsOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  const branches = schemas([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
  return [
    ...new Map(
      [schema, ...branches].flatMap(({ properties = {} }) =>
        Object.entries(properties).flatMap(([name, part]): [string, JsonSchema][] =>
          typeof part === 'object' ? [[name, part]] : [],
        ),
      ),
    ),
  ]
}

export function schemas(candidates: readonly unknown[]): readonly JsonSchema[] {
  return candidates.filter((one): one is JsonSchema => typeof one === 'object' && one !== null)
}

/** A default or an example as it would stand in the file: 1800 seconds as `30m`. */
export function written(value: unknown, schema: JsonSchema): unknown {
  if (typeof value !== 'number' || !isDuration(schema)) return value
  if (value % 3600 === 0) return `${value / 3600}h`
  return value % 60 === 0 ? `${value / 60}m` : `${value}s`
}
