import { z } from 'zod'
import { dereferenced } from './references.ts'
import { grant } from './schema/grants.ts'
import { defaults } from './schema/role-settings.ts'
import { issuer, type IssuerSettings } from './schema/issuers.ts'
import { role } from './schema/roles.ts'
import { flag } from './schema/scalars.ts'
import { activeDirectoryMethod } from './schema/active-directory-method.ts'
import { certificateMethod } from './schema/certificate-method.ts'
import { kerberosMethod } from './schema/kerberos-method.ts'
import { publicUrl } from './schema/listen.ts'
import { localMethod } from './schema/local-method.ts'
import { samlMethod } from './schema/saml-method.ts'
import type { Path } from './yaml.ts'

/** What can be read of one entry of a list, and where it stands. */
export interface Entry<Value> {
  readonly path: Path
  readonly value: Value
}

const methodFields = z
  .object({
    urls: activeDirectoryMethod.shape.urls,
    startTls: activeDirectoryMethod.shape.startTls,
    bind: activeDirectoryMethod.shape.bind,
    ...kerberosMethod.shape,
    ...certificateMethod.shape,
    ...samlMethod.shape,
    ...localMethod.shape,
    type: z.enum(['local', 'saml', 'active-directory', 'ldap', 'kerberos', 'client-certificate']),
  })
  .partial()
const roleFields = z.object(role.shape).partial()
const grantFields = z.object(grant.shape).partial()

export type RoleFields = z.output<typeof roleFields>
export type GrantFields = z.output<typeof grantFields>
export type MethodFields = z.output<typeof methodFields>

/**
 * What can be read of a configuration that may have faults, field by field, so that one fault doesn't hide those that
 * show only between entries. Names are all that are declared, soundly or not.
 */
export interface Readable {
  readonly publicUrl: URL | undefined
  /** Whether the main listener speaks https itself. */
  readonly ownTls: boolean
  readonly names: {
    readonly accounts: ReadonlySet<string>
    readonly issuers: ReadonlySet<string>
    readonly roles: ReadonlySet<string>
    readonly peoples: ReadonlySet<string>
  }
  /** Sign-in method to the issuer that passes its assertions on. */
  readonly passedOn: ReadonlyMap<string, string>
  /** Those that are sound. */
  readonly issuers: ReadonlyMap<string, IssuerSettings>
  /** Whether Roles Anywhere is called at AWS's dual-stack endpoints. */
  readonly dualStackAnywhere: boolean
  readonly signIn: readonly Entry<MethodFields>[]
  readonly defaults: RoleFields
  readonly roles: readonly Entry<RoleFields>[]
  readonly grants: readonly Entry<GrantFields>[]
}

/** Reads what can be read. */
export function readableParts(data: unknown): Readable {
  const methods = listOf(data, 'signIn')
  const issuers = Object.entries(mappingOf(property(data, 'issuers')))
  const roles = listOf(data, 'roles')
  const grants = listOf(data, 'grants')
  const aws = property(data, 'aws')
  return {
    publicUrl: publicUrl.safeParse(property(data, 'publicUrl')).data,
    ownTls: property(property(data, 'listen'), 'tls') !== undefined,
    names: {
      accounts: new Set(Object.keys(mappingOf(property(data, 'accounts')))),
      issuers: new Set(issuers.map(([name]) => name)),
      roles: new Set(roles.flatMap((item) => firstText(item, 'arn'))),
      peoples: new Set(methods.flatMap((item) => firstText(item, 'people', 'id'))),
    },
    passedOn: new Map(
      issuers.flatMap(([name, issuer]) =>
        firstText(issuer, 'type').includes('assume-role-with-saml')
          ? firstText(issuer, 'signIn').map((method): [string, string] => [method, name])
          : [],
      ),
    ),
    issuers: new Map(
      Object.entries(mappingOf(property(data, 'issuers'))).flatMap(([name, value]) => {
        const parsed = issuer.safeParse(value)
        return parsed.success ? [[name, parsed.data] as const] : []
      }),
    ),
    dualStackAnywhere:
      flag().safeParse(property(aws, 'dualStack')).data === true &&
      property(property(aws, 'endpoints'), 'rolesAnywhere') === undefined,
    signIn: methods.map((item, index) => entry('signIn', index, soundFields(methodFields, item))),
    defaults: soundFields(z.object(defaults.unwrap().shape), property(data, 'defaults')) ?? {},
    roles: roles.map((item, index) => entry('roles', index, soundFields(roleFields, item))),
    grants: grants.map((item, index) => entry('grants', index, soundFields(grantFields, item))),
  }
}

function entry<Value>(
  list: string,
  index: number,
  value: Value | undefined,
): Entry<Value | object> {
  return { path: [list, index], value: value ?? {} }
}

/** The fields that the schema takes; the others have faults of their own. */
function soundFields<Schema extends z.ZodObject>(
  schema: Schema,
  item: unknown,
): z.output<Schema> | undefined {
  const fields = mappingOf(item)
  const first = schema.safeParse(fields)
  if (first.success) return first.data
  const faulty = new Set(first.error.issues.map(({ path }) => path[0]))
  const sound = Object.entries(fields).filter(([key]) => !faulty.has(key))
  return schema.safeParse(Object.fromEntries(sound)).data
}

function property(value: unknown, key: string): unknown {
  const holds = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return holds ? Reflect.get(value, key) : undefined
}

function listOf(data: unknown, key: string): readonly unknown[] {
  const value = property(data, key)
  return Array.isArray(value) ? value : []
}

function mappingOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function firstText(item: unknown, ...keys: readonly string[]): readonly string[] {
  const values = keys.map((key) => dereferenced(property(item, key)))
  const text = values.find((value) => typeof value === 'string')
  return text === undefined ? [] : [text]
}
