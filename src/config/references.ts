import { dirname, resolve } from 'node:path'
import type { Environment } from './env.ts'
import type { ReadFile } from './read-file.ts'
import type { Path } from './yaml.ts'

/**
 * A value that came from `${env:NAME}` or `${file:path}` is a symbol until the schema asks for it as text: so it can be
 * told from a literal, and no JSON, message or template spills it on the way.
 */
const values = new WeakMap<symbol, string>()

const reference = /^\$\{(env|file):([^${}]{1,1024})\}$/
const attempt = /\$\{(?:env|file):/
const maxDepth = 24
const maxFileBytes = 1024 * 1024

/** Where references lead. `folder` is the configuration file's own. */
export interface ReferenceSources {
  readonly folder: string
  readonly env: Environment
  readonly readFile: ReadFile
}

export interface ReferenceFault {
  readonly path: Path
  readonly found: string
  readonly expected: string
}

/** A copy of `data` with each reference followed, and what could not be. Faults hold names only, never a value. */
export function followReferences(
  data: unknown,
  sources: ReferenceSources,
): { data: unknown; faults: readonly ReferenceFault[] } {
  const faults: ReferenceFault[] = []
  const walk = (value: unknown, path: Path): unknown => {
    if (path.length > maxDepth) {
      faults.push({ path, found: 'mappings or lists nested too deep', expected: 'fewer levels' })
      return undefined
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]),
      )
    if (typeof value !== 'string' || !attempt.test(value)) return value
    const followed = follow(value, sources)
    if (typeof followed === 'string') return referenced(value, followed)
    faults.push({ path, ...followed })
    // Its own fault is told already; a symbol of its own keeps the schema from telling another.
    return referenced(value, '')
  }
  return { data: walk(data, []), faults }
}

function referenced(source: string, value: string): symbol {
  const symbol = Symbol(source)
  values.set(symbol, value)
  return symbol
}

/** The text behind a reference; every other value as it is. */
export function dereferenced(value: unknown): unknown {
  return typeof value === 'symbol' ? values.get(value) : value
}

type Failure = Omit<ReferenceFault, 'path'>

function follow(text: string, sources: ReferenceSources): string | Failure {
  const [, kind, name = ''] = reference.exec(text) ?? []
  if (kind === 'env') return fromEnvironment(name, sources.env)
  if (kind === 'file') return fromFile(name, sources)
  return {
    found: 'a reference inside other text',
    expected: '${env:NAME} or ${file:path} as the whole value',
  }
}

function fromEnvironment(name: string, env: Environment): string | Failure {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  if (value !== undefined && value !== '') return value
  return {
    found: `\${env:${name}}, and that variable is ${value === '' ? 'empty' : 'not set'}`,
    expected: `the variable ${name} in the environment of postern-server`,
  }
}

function fromFile(name: string, { folder, readFile }: ReferenceSources): string | Failure {
  const path = resolve(folder, name)
  const failure = (problem: string): Failure => ({
    found: `\${file:${name}}, and ${path} ${problem}`,
    expected: `a readable UTF-8 file of at most ${maxFileBytes} bytes`,
  })
  try {
    const bytes = readFile(path, maxFileBytes)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // Editors and echo end a file with a line end that is no part of the secret.
    const value = text.replace(/\r?\n$/, '')
    return value === '' ? failure('is empty') : value
  } catch (error) {
    return failure(problemOf(error))
  }
}

/** Why a file can't be read, without its content. */
export function problemOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read'
  if (code === 'EISDIR') return 'is a folder'
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is not UTF-8'
  return `can't be read (${error instanceof Error ? error.message : 'unknown error'})`
}

/** Folder from which a file's relative references start. */
export function folderOf(file: string): string {
  return dirname(resolve(file))
}
