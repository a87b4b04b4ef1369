import type { z } from 'zod'
import { dereferenced } from './references.ts'
import { grant } from './schema/grants.ts'
import { defaults } from './schema/role-settings.ts'
import { role } from './schema/roles.ts'
import { signInMethod } from './schema/sign-in.ts'

/** One entry of a list that could be read, and where it stands. */
export interface Entry<Value> {
  readonly index: number
  readonly value: Value
}

/**
 * What can be read of a configuration that may have faults, so that one fault doesn't hide those that show only between
 * entries. Names are all that are declared, those of faulty entries too.
 */
export interface Readable {
  readonly names: {
    readonly accounts: ReadonlySet<string>
    readonly issuers: ReadonlySet<string>
    readonly roles: ReadonlySet<string>
    readonly peoples: ReadonlySet<string>
  }
  readonly signIn: readonly Entry<z.output<typeof signInMethod>>[]
  readonly defaults: z.output<typeof defaults>
  readonly roles: readonly Entry<z.output<typeof role>>[]
  readonly grants: readonly Entry<z.output<typeof grant>>[]
  /** How many sign-in methods stand there, read or not. */
  readonly methodCount: number
}

/** Reads what can be read. */
export function readableParts(data: unknown): Readable {
  const methods = listOf(data, 'signIn')
  return {
    names: {
      accounts: new Set(Object.keys(mappingOf(data, 'accounts'))),
      issuers: new Set(Object.keys(mappingOf(data, 'issuers'))),
      roles: new Set(textsOf(listOf(data, 'roles'), 'arn')),
      peoples: new Set(methods.flatMap((method) => textsOf([method], 'people', 'id'))),
    },
    signIn: entries(methods, signInMethod),
    defaults: defaults.safeParse(mappingOf(data, 'defaults')).data ?? {},
    roles: entries(listOf(data, 'roles'), role),
    grants: entries(listOf(data, 'grants'), grant),
    methodCount: methods.length,
  }
}

function entries<Schema extends z.ZodType>(
  list: readonly unknown[],
  schema: Schema,
): Entry<z.output<Schema>>[] {
  return list.flatMap((item, index) => {
    const { data, success } = schema.safeParse(item)
    return success ? [{ index, value: data }] : []
  })
}

function property(value: unknown, key: string): unknown {
  const holds = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return holds ? Reflect.get(value, key) : undefined
}

function listOf(data: unknown, key: string): readonly unknown[] {
  const value = property(data, key)
  return Array.isArray(value) ? value : []
}

function mappingOf(data: unknown, key: string): object {
  const value = property(data, key)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

/** The first of the keys that holds text, per item. */
function textsOf(list: readonly unknown[], ...keys: readonly string[]): readonly string[] {
  return list.flatMap((item) => {
    const values = keys.map((key) => dereferenced(property(item, key)))
    return values.find((value) => typeof value === 'string') ?? []
  })
}
