import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import type { ConfigFault } from './fault.ts'

/** Keys and indexes from the root to a value. */
export type Path = readonly (string | number)[]

export interface ParsedYaml {
  /** Plain data: mappings, lists, texts, numbers, booleans, null. */
  readonly data: unknown
  readonly faults: readonly ConfigFault[]
  /** The line where a path stands, or the nearest thing above it. */
  readonly lineOf: (path: Path) => number | undefined
}

/** How often an alias may stand for its anchor, all counted, before it is taken for a bomb. */
const maxAliasCount = 100
const maxFaults = 10

/**
 * Reads YAML 1.2 (core schema, without merge keys and custom tags). Keys are always text, so that an account ID keeps
 * its leading zero. Nothing of the file's content is quoted in a fault, because it may be a secret.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter()
  const fault = (offset: number | undefined, found: string, expected: string): ConfigFault => ({
    path: '',
    line: offset === undefined ? undefined : lines.linePos(offset).line,
    found,
    expected,
  })
  const nothing = { data: undefined, lineOf: () => undefined }
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      resolveKnownTags: false,
      logLevel: 'error',
    })
    const faults = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) =>
      fault(offset, faultNames[code] ?? `something that is no YAML (${code})`, 'YAML 1.2'),
    )
    // One slip often reads like many.
    if (faults.length > 0) return { ...nothing, faults: faults.slice(0, maxFaults) }
    const lineOf = (path: Path): number | undefined => lineAt(document, path, lines)
    return { data: document.toJS({ maxAliasCount }), faults, lineOf }
  } catch (error) {
    const found =
      error instanceof ReferenceError
        ? 'aliases that multiply, or that lead nowhere'
        : 'mappings or lists that are nested too deep'
    return { ...nothing, faults: [fault(undefined, found, 'plain YAML')] }
  }
}

/** What the commonest error codes of the yaml package mean. */
const faultNames: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias without an anchor, or a text that starts with * and stands without quotes',
  BAD_INDENT: 'an indentation that fits nowhere',
  BAD_SCALAR_START: 'a text that must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping where a single value stands',
  DUPLICATE_KEY: 'a key that stands there twice',
  MISSING_CHAR: 'a quote, bracket or comma that is missing',
  MULTILINE_IMPLICIT_KEY: 'a key over several lines, or a colon that is missing',
  MULTIPLE_DOCS: 'several documents in one file',
  NON_STRING_KEY: 'a key that is not text',
  RESOURCE_EXHAUSTION: 'mappings or lists that are nested too deep',
  TAB_AS_INDENT: 'a tab as indentation',
  TAG_RESOLVE_FAILED: 'a tag (a word that starts with !)',
  UNEXPECTED_TOKEN: 'a character that fits nowhere',
}

function lineAt(document: Document.Parsed, path: Path, lines: LineCounter): number | undefined {
  let offset: number | undefined
  let node: unknown = document.contents
  for (const step of path) {
    const next = child(node, step)
    if (!next) break
    node = next.node
    offset = next.offset ?? offset
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}

function child(
  node: unknown,
  step: string | number,
): { node: unknown; offset: number | undefined } | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
    if (!isPair(pair)) return undefined
    return { node: pair.value, offset: startOf(pair.key) }
  }
  if (!isSeq(node) || typeof step !== 'number') return undefined
  const item = node.items[step]
  return item === undefined ? undefined : { node: item, offset: startOf(item) }
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  const { range } = node
  const start: unknown = Array.isArray(range) ? range[0] : undefined
  return typeof start === 'number' ? start : undefined
}
