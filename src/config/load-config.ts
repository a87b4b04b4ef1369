import { resolve } from 'node:path'
import { crossFaults } from './cross-checks.ts'
import type { Config } from './config.ts'
import type { Environment } from './env.ts'
import { type ConfigFault, ConfigFaults } from './fault.ts'
import { issueFaults, type PathFault } from './issue-faults.ts'
import { readFile as readRealFile, type ReadFile } from './read-file.ts'
import { readableParts } from './readable.ts'
import { folderOf, followReferences, problemOf } from './references.ts'
import { resolveConfig } from './resolve-config.ts'
import { documentSchema } from './schema/document.ts'
import { type ParsedYaml, parseYaml, type Path } from './yaml.ts'

const maxBytes = 1024 * 1024

/** Reads and checks the configuration file. Throws ConfigFaults with everything that is wrong with it. */
export function loadConfig(
  path: string,
  env: Environment,
  readFile: ReadFile = readRealFile,
): Config {
  const file = resolve(path)
  const yaml = parseYaml(readText(file, readFile))
  if (yaml.faults.length > 0) throw new ConfigFaults(file, yaml.faults)
  const { data, faults } = followReferences(yaml.data, { folder: folderOf(file), env, readFile })
  const parsed = documentSchema.safeParse(data)
  const found = [
    ...faults,
    ...issueFaults(parsed.error?.issues ?? [], data),
    ...crossFaults(readableParts(data)),
  ]
  if (found.length > 0) throw new ConfigFaults(file, inOrder(found, yaml))
  if (!parsed.data)
    throw new ConfigFaults(file, [
      { path: '', line: undefined, found: 'nothing', expected: 'a configuration' },
    ])
  return resolveConfig(parsed.data, file, env)
}

function readText(file: string, readFile: ReadFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFile(file, maxBytes))
  } catch (error) {
    const found = `${file}, which ${problemOf(error)}`
    const expected = `a readable YAML file in UTF-8 of at most ${maxBytes} bytes`
    throw new ConfigFaults(file, [{ path: '', line: undefined, found, expected }])
  }
}

/** One fault per place, the first told of it: what follows from a broken value is no news. */
function inOrder(faults: readonly PathFault[], yaml: ParsedYaml): readonly ConfigFault[] {
  const told: Path[] = []
  const news = faults.filter(({ path }) => {
    if (told.some((place) => isWithin(path, place))) return false
    told.push(path)
    return true
  })
  return news
    .map(({ path, found, expected }) => ({
      path: pathText(path),
      line: yaml.lineOf(path),
      found,
      expected,
    }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}

function isWithin(path: Path, place: Path): boolean {
  return place.length > 0 && place.every((step, index) => path[index] === step)
}

/** `roles[0].duration`; keys that hold odd characters in quotes. */
function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const key = /^[\w-]{1,64}$/.test(step) ? step : JSON.stringify(step.slice(0, 64))
    return text === '' ? key : `${text}.${key}`
  }, '')
}
