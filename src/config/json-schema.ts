import { z } from 'zod'
import { documentSchema } from './schema/document.ts'

export type JsonSchema = z.core.JSONSchema.JSONSchema

const reference = { type: 'string', pattern: '^\\$\\{(env|file):[^${}]+\\}$' } as const

/** The configuration as JSON Schema (2020-12), for editors. Every value may be a reference too. */
export function configurationJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(documentSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      allowReference(jsonSchema)
    },
  })
  return { ...schema, title: 'Configuration of postern-server' }
}

function allowReference(schema: JsonSchema): void {
  const { type } = schema
  const literal = type === 'integer' || type === 'number' || type === 'boolean'
  const narrow = type === 'string' && (schema.enum ?? schema.format) !== undefined
  if (!literal && !narrow) return
  const { description, default: fallback, ...rest } = schema
  for (const key of Object.keys(schema)) Reflect.deleteProperty(schema, key)
  Object.assign(schema, { anyOf: [rest, reference] })
  if (description !== undefined) schema.description = description
  if (fallback !== undefined) schema.default = fallback
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
