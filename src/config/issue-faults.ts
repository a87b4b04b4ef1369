import type { z } from 'zod'
import { closest } from './closest.ts'
import { configurationJsonSchema, type JsonSchema, knownNames, schemasAt } from './json-schema.ts'
import type { Path } from './yaml.ts'

/** A fault before its line is looked up. */
export interface PathFault {
  readonly path: Path
  readonly found: string
  readonly expected: string
}

type Issue = z.core.$ZodIssue

/** What zod found, in our words: with the nearest known name for an unknown one, and without secrets. */
export function issueFaults(issues: readonly Issue[], data: unknown): readonly PathFault[] {
  if (issues.length === 0) return []
  const schema = configurationJsonSchema()
  return issues.flatMap((issue) => {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey(path, key, knownNames(schema, path)))
    const found =
      issue.code === 'invalid_key' ? 'this key' : describe(valueAt(data, path), path, schema)
    return [{ path, found, expected: expectation(issue) }]
  })
}

function unknownKey(path: Path, key: string, known: ReadonlySet<string>): PathFault {
  const near = closest(key, known)
  const expected =
    near === undefined ? `one of ${[...known].join(', ')}` : `a known key, perhaps ${near}`
  return { path: [...path, key], found: 'an unknown key', expected }
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code === 'invalid_value') return oneOf(issue.values)
  if (issue.code === 'invalid_union' && 'options' in issue) return oneOf(issue.options)
  // Ours are lower-case ends of "expected ..."; zod's own start with "Invalid input: expected".
  if (!issue.message.startsWith('Invalid input')) return issue.message
  return issue.code === 'invalid_type'
    ? (typeNames[issue.expected] ?? issue.expected)
    : issue.message
}

function oneOf(values: Iterable<unknown>): string {
  const words = [...values].map(String)
  return words.length === 1 ? words.join() : `one of ${words.join(', ')}`
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
}

/** What stands at a path in plain data. */
function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? Reflect.get(value, step)
        : undefined,
    data,
  )
}

const shownLength = 60

/** A value as a fault may show it. A reference shows itself, never what it leads to. */
function describe(value: unknown, path: Path, schema: JsonSchema): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'an empty value'
  if (typeof value === 'symbol') return value.description ?? 'a reference'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (schemasAt(schema, path).some(({ writeOnly }) => writeOnly)) return 'a literal value'
  if (typeof value !== 'string') return JSON.stringify(value)
  const masked = value.replace(/\/\/[^/@]*@/g, '//***@')
  const shown = masked.length > shownLength ? `${masked.slice(0, shownLength)}…` : masked
  return JSON.stringify(shown)
}
