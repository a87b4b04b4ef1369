import { configurationJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts'
import { roleSettings } from '../../src/config/schema/role-settings.ts'
import { kindOf, partsOf, schemas, typeOf, written } from './setting.ts'

/** The reference of every setting, in Markdown: a section for each part of the file. */
export function referenceMarkdown(): string {
  const root = configurationJsonSchema()
  const needed = new Set(root.required)
  return partsOf(root)
    .map(([name, schema]) => {
      const must = needed.has(name) ? ' Needed.' : ''
      const heading = `### ${name}\n\n${text(schema.description)}${must}\n`
      const rows = rowsOf(name, schema, needed.has(name), true)
      return rows.length === 0 ? heading : `${heading}\n${table(rows)}`
    })
    .join('\n')
}

type Row = readonly [path: string, kind: string, fallback: string, what: string]

function table(rows: readonly Row[]): string {
  const lines = [['Setting', 'Kind', 'Unless set', 'What'], ['---', '---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |\n`).join('')
}

function cell(content: string): string {
  return content.replaceAll('|', '\\|')
}

/** Every setting below a path. Settings of a role are told once, below `roles[]`. */
function rowsOf(path: string, schema: JsonSchema, isNeeded: boolean, isSection = false): Row[] {
  const own: Row[] =
    isSection && below(path, schema).length > 0 ? [] : [rowOf(path, schema, isNeeded)]
  return [...own, ...below(path, schema)]
}

function below(path: string, schema: JsonSchema): Row[] {
  const isToldElsewhere = ['defaults', 'grants[]', 'signIn[].awsRoles'].includes(path)
  const parts = partsOf(schema)
  const rows = parts
    .filter(([name]) => !(isToldElsewhere && Object.hasOwn(roleSettings, name)))
    .flatMap(([name, part]) =>
      forType(typeOf(schema, name), rowsOf(`${path}.${name}`, part, neededIn(schema).has(name))),
    )
  const names = parts.map(([name]) => name).filter((name) => Object.hasOwn(roleSettings, name))
  if (isToldElsewhere)
    rows.push([
      `\`${path}.*\``,
      'as in `roles[]`',
      '',
      `${names.map((name) => `\`${name}\``).join(', ')}.`,
    ])
  return [
    ...rows,
    ...schemas([schema.items]).flatMap((item) => below(`${path}[]`, item)),
    ...schemas([schema.additionalProperties]).flatMap((item) => below(`${path}.NAME`, item)),
  ]
}

/** Says in the first row what `type` it is for. */
function forType(type: string | undefined, [first, ...others]: Row[]): Row[] {
  if (type === undefined || !first) return first ? [first, ...others] : []
  const [path, kind, fallback, what] = first
  return [[path, kind, fallback, `\`${type}\`: ${what}`], ...others]
}

/** What every branch of a union needs, for a mapping that stands in one. */
function neededIn(schema: JsonSchema): ReadonlySet<string> {
  const branches = schemas([...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
  const [first = schema, ...others] = branches
  const common = (first.required ?? []).filter((name) =>
    others.every(({ required = [] }) => required.includes(name)),
  )
  return new Set(common)
}

function rowOf(path: string, schema: JsonSchema, isNeeded: boolean): Row {
  const fallback = written(schema.default, schema)
  const isEmpty = typeof fallback === 'object' && Object.keys(fallback ?? {}).length === 0
  const shown =
    fallback === undefined || isEmpty
      ? isNeeded
        ? '**needed**'
        : ''
      : `\`${JSON.stringify(fallback).replace(/^"|"$/g, '')}\``
  return [`\`${path}\``, kindOf(schema), shown, text(schema.description)]
}

function text(description: string | undefined): string {
  return (description ?? '').replace(/\$\{[^}]*\}/g, (variable) => `\`${variable}\``)
}
