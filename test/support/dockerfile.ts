import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')

export interface Stage {
  readonly name: string
  readonly from: string
  /** Each but FROM, as keyword and rest. */
  readonly steps: readonly (readonly [keyword: string, rest: string])[]
}

/** The stages of the Dockerfile in their order; the last one, which has no name, is called `default`. */
export function readStages(): readonly Stage[] {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '')
  const stages: { name: string; from: string; steps: [string, string][] }[] = []
  for (const line of text.split('\n')) {
    const [, keyword, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (keyword === undefined || rest === undefined) continue
    const [, from = '', name = 'default'] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? []
    if (keyword === 'FROM') stages.push({ name, from, steps: [] })
    else stages.at(-1)?.steps.push([keyword, rest])
  }
  return stages
}

/** Values of the ENV lines of a stage and of those that it is made from. */
export function environmentOf(stage: Stage, stages: readonly Stage[]): Record<string, string> {
  const base = stages.find(({ name }) => name === stage.from)
  const own = stage.steps
    .filter(([keyword]) => keyword === 'ENV')
    .flatMap(([, rest]) => rest.split(/\s+/).map((pair) => pair.split('=', 2)))
  return {
    ...(base && environmentOf(base, stages)),
    ...Object.fromEntries(own.map(([name = '', value = '']) => [name, value])),
  }
}

/** The words of the stage's CMD, or of its HEALTHCHECK, its own or inherited. */
export function wordsOf(
  keyword: 'CMD' | 'HEALTHCHECK',
  stage: Stage,
  stages: readonly Stage[],
): readonly string[] {
  const found = stage.steps.findLast(([name]) => name === keyword)?.[1]
  const base = stages.find(({ name }) => name === stage.from)
  if (found !== undefined) return JSON.parse(found.slice(found.indexOf('['))) as string[]
  if (base) return wordsOf(keyword, base, stages)
  throw new Error(`no ${keyword}`)
}

/**
 * Does what the stage says, with `folder/<stage>` for /app: copies, and runs npm on this very Node. What needs an account
 * of the image (`install --owner`) is left to the caller.
 */
export async function buildStage(
  stage: Stage,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const app = join(folder, stage.name)
  mkdirSync(app, { recursive: true })
  for (const [keyword, rest] of stage.steps) {
    if (keyword === 'COPY') copy(rest, app, folder)
    if (keyword === 'RUN' && rest.startsWith('npm ')) {
      await run('npm', rest.split(' ').slice(1), { cwd: app, env })
    }
  }
}

function copy(rest: string, app: string, folder: string): void {
  const words = rest.split(' ')
  const from = /^--from=(\S+)$/.exec(words[0] ?? '')?.[1]
  const paths = from === undefined ? words : words.slice(1)
  const to = paths.at(-1) ?? '.'
  for (const path of paths.slice(0, -1)) {
    const source =
      from === undefined ? join(root, path) : join(folder, from, path.replace(/^\/app\//, ''))
    cpSync(source, path.endsWith('/') ? join(app, to) : join(app, to, path), {
      recursive: true,
      verbatimSymlinks: true,
    })
  }
}
