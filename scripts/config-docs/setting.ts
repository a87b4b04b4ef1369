import { isDeepStrictEqual } from 'node:util'
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
  const parts = new Map<string, JsonSchema>()
  for (const { properties = {} } of [schema, ...branchesOf(schema)])
    for (const [name, part] of Object.entries(properties))
      if (typeof part === 'object') parts.set(name, merged(parts.get(name), part))
  return [...parts]
}

/** The word of `type` that a key is for, where only some branches of a union have it. */
export function typeOf(schema: JsonSchema, name: string): string | undefined {
  const branches = branchesOf(schema)
  const having = branches.filter(({ properties = {} }) => Object.hasOwn(properties, name))
  if (having.length === branches.length) return undefined
  const words = having.flatMap(({ properties = {} }) =>
    schemas([properties['type']]).map((type) => String(type.const)),
  )
  return words.join(', ') || undefined
}

function branchesOf(schema: JsonSchema): readonly JsonSchema[] {
  return schemas([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]).flatMap((branch) => {
    const inner = branchesOf(branch)
    return inner.length > 0 ? inner : [branch]
  })
}

/** The words that tell branches of a union apart, as one list of words; other kinds of value as a union. */
function merged(known: JsonSchema | undefined, part: JsonSchema): JsonSchema {
  if (!known) return part
  if ([known, ...schemas(known.anyOf ?? [])].some((one) => isDeepStrictEqual(one, part)))
    return known
  if (part.const === undefined) {
    const descriptions = new Set([known.description, part.description])
    return { description: [...descriptions].filter(Boolean).join(' '), anyOf: [known, part] }
  }
  const words = [...(known.enum ?? [known.const]), part.const].filter((word) => word !== undefined)
  const { description } = known
  return { type: 'string', enum: words, ...(description !== undefined && { description }) }
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
