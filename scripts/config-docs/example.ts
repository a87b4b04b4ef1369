import { stringify } from 'yaml'
import { configurationJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts'
import { partsOf, written } from './setting.ts'

const head = `# yaml-language-server: $schema=../docs/configuration.schema.json
# A configuration of postern-server with every part of it. What is commented out shows a default or
# an example; remove the # to set it. docs/configuration.md tells more, and
# postern-server check-config FILE lists what is wrong.
`

/** Not needed, and yet little works without them. */
const shown = new Set(['roles', 'grants'])

/** A commented example file. It is in order as it stands, once \`audit.key\` is beside it. */
export function exampleYaml(): string {
  const root = configurationJsonSchema()
  const needed = new Set(root.required)
  return partsOf(root)
    .map(([name, schema]) => {
      const isLive = needed.has(name) || shown.has(name)
      return `\n${isLive ? block(name, schema, 0) : commentedOut(name, schema)}`
    })
    .reduce((all, part) => all + part, head)
}

function commentedOut(name: string, schema: JsonSchema): string {
  const [comment = '', ...lines] = splitAtKey(block(name, schema, 0))
  return comment + lines.map((line) => `#${line}\n`).join('')
}

/** The comment in front, and the lines of the setting. */
function splitAtKey(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const key = lines.findIndex((line) => !line.startsWith('#'))
  return [`${lines.slice(0, key).join('\n')}\n`, ...lines.slice(key)]
}

function block(name: string, schema: JsonSchema, depth: number): string {
  const indent = '  '.repeat(depth)
  const comment = wrapped(schema.description ?? '', 98 - indent.length)
    .map((line) => `${indent}# ${line}\n`)
    .join('')
  const value = valueOf(schema)
  if (value !== undefined) return comment + indented(stringify({ [name]: value }, options), indent)
  const needed = new Set(schema.required)
  const parts = partsOf(schema).map(([key, part]) => {
    const text = block(key, part, depth + 1)
    // Within a section that stands, what has a default or may be left out is commented out.
    return needed.has(key) || needed.size === 0 ? text : commentLines(text, depth + 1)
  })
  return `${comment}${indent}${name}:\n${parts.join('')}`
}

const options = { lineWidth: 100, singleQuote: true, defaultStringType: 'PLAIN' } as const

function commentLines(text: string, depth: number): string {
  const indent = '  '.repeat(depth)
  return text
    .split('\n')
    .map((line) =>
      line === '' || line.startsWith(`${indent}# `)
        ? line
        : `${indent}#${line.slice(indent.length)}`,
    )
    .join('\n')
}

/** What stands there: the example, else the default; undefined for a mapping that is told part by part. */
function valueOf(schema: JsonSchema): unknown {
  const [example] = schema.examples ?? []
  if (example !== undefined) return example
  return partsOf(schema).length > 0 ? undefined : written(schema.default, schema)
}

function indented(yaml: string, indent: string): string {
  return yaml.replace(/^(?=.)/gm, indent)
}

function wrapped(text: string, width: number): readonly string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > width) return [...lines, word]
    return [...lines.slice(0, -1), `${last} ${word}`]
  }, [])
}
