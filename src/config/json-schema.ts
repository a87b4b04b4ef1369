import { z } from 'zod'
import { documentSchema } from './schema/document.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

const reference = { type: 'string', pattern: '^\\$\\{(env|file):[^${}]+\\}$' } as const
const durationText = { type: 'string', pattern: '^(?:\\d+h)?(?:\\d+m)?(?:\\d+s)?$' } as const

/** The configuration as JSON Schema (2020-12), for editors. Every value may be a reference too. */
export function configurationJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(documentSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema, path }) => {
      if (zodSchema instanceof z.ZodObject) jsonSchema.required = neededNames(zodSchema)
      // zod leaves out defaults and examples before a transformation, and every value of ours is transformed.
      if (zodSchema instanceof z.ZodDefault)
        Object.assign(jsonSchema, { default: zodSchema.parse(undefined) })
      const { examples } = z.globalRegistry.get(zodSchema) ?? {}
      if (examples !== undefined) Object.assign(jsonSchema, { examples })
      if (!path.includes('propertyNames')) allowReference(jsonSchema)
    },
  })
  return { ...schema, title: 'Configuration of postern-server' }
}

function neededNames({ shape }: z.ZodObject): string[] {
  return Object.entries(shape).flatMap(([name, part]) =>
    z.safeParse(part, undefined).success ? [] : [name],
  )
}

function allowReference(schema: JsonSchema): void {
  const { type } = schema
  const isDuration = Array.isArray(type) && type.includes('integer')
  const isNarrow =
    type === 'integer' ||
    type === 'boolean' ||
    (type === 'string' &&
      schema.writeOnly !== true &&
      (schema.enum ?? schema.pattern) !== undefined)
  if (!isDuration && !isNarrow) return
  const { description, default: fallback, examples, ...literal } = schema
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key)
  Object.assign(schema, {
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
    ...(examples !== undefined && { examples }),
    anyOf: isDuration ? [...(literal.anyOf ?? []), durationText] : [literal, reference],
  })
}

/** Every schema that describes the value at a path: several where it stands in a union. */
export function schemasAt(
  root: JsonSchema,
  path: readonly (string | number)[],
): readonly JsonSchema[] {
  return path
    .reduce<readonly JsonSchema[]>(
      (schemas, step) =>
        schemas.flatMap((schema) => alternatives(schema).flatMap((one) => under(one, step))),
      [root],
    )
    .flatMap(alternatives)
}

/** Names that a mapping may hold at a path. */
export function knownNames(root: JsonSchema, path: readonly (string | number)[]): Set<string> {
  return new Set(
    schemasAt(root, path).flatMap(({ properties = {}, propertyNames }) => [
      ...Object.keys(properties),
      ...(typeof propertyNames === 'object' ? (propertyNames.enum ?? []).map(String) : []),
    ]),
  )
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  return branches.length === 0 ? [schema] : branches.filter(isSchema).flatMap(alternatives)
}

function under(schema: JsonSchema, step: string | number): readonly JsonSchema[] {
  const { properties = {}, additionalProperties, items } = schema
  const named = Object.hasOwn(properties, step) ? properties[step] : undefined
  const found = typeof step === 'number' ? items : (named ?? additionalProperties)
  return (Array.isArray(found) ? found : [found]).filter(isSchema)
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null
}
