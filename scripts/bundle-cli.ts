import { build, type BuildOptions, type Plugin } from 'esbuild'
import { writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }
import { startText } from './cli-start.ts'
import { cacheCode } from './code-cache.ts'

const main = 'src/cli/main.ts'
/** What the first file holds: the start, and what more than one of the others needs. */
const atStart = [main, 'src/cli/version.ts', 'src/cli/cli-fault.ts', 'src/cli/is-loopback.ts']
const { version } = manifest
/** What is loaded by need, and the file that it goes to; everything else goes to the last one. */
const byNeed: Readonly<Record<string, readonly string[]>> = {
  'postern-call.cjs': [
    'src/cli/open-source.ts',
    'src/cli/cached-sessions.ts',
    'src/cli/route.ts',
    'src/cli/is-untrusted.ts',
    'src/cli/prepare-tls.ts',
    'src/rolesanywhere/exchange.ts',
  ],
  'postern-session.cjs': ['src/cli/open-session-source.ts'],
  'postern-place.cjs': ['src/cli/broker/broker-place.ts'],
  'postern-broker.cjs': [
    'src/cli/broker/broker-source.ts',
    'src/cli/broker/token-keeper.ts',
    'src/cli/broker/proof/send-with-token.ts',
    'src/contract/answers.ts',
  ],
  'postern-help.cjs': ['src/cli/find-command.ts', 'src/cli/help/help-text.ts'],
}
const first = 'postern-start.cjs'
const last = 'postern-more.cjs'
/** What a call to AWS takes, and one to a broker. */
const worthCaching = [
  first,
  'postern-call.cjs',
  'postern-session.cjs',
  'postern-place.cjs',
  'postern-broker.cjs',
]

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // What is shorter is read sooner: long names were a thirtieth of each start.
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  // require() starts no second loader.
  supported: { 'dynamic-import': false },
}

/** The whole command line in one CommonJS file, packages included, for the single executable. */
export async function bundleWhole(outfile: string): Promise<void> {
  await build({ ...options, entryPoints: [main], outfile })
}

/**
 * The command line as `outfile`, which starts it, with files beside it: what serves from the cache, and by need what a
 * call to AWS or to a broker takes, what help takes, and all the rest. Compiling everything would cost a tenth of each
 * start. Packages stay in node_modules, but for the part of zod that checks a broker's answers. A module is in one of the
 * files only, so that a class is the same class everywhere.
 */
export async function bundleCli(outfile: string): Promise<void> {
  const known: Known = { owners: new Map(), deferred: new Set(), taken: new Set() }
  const { owners, deferred, taken } = known
  const settingsFor = (name: string): BuildOptions => ({
    ...options,
    outfile: join(dirname(outfile), name),
    plugins: [packagesApart, apart(known, name)],
  })
  const own = async (name: string, entries: readonly string[]): Promise<void> => {
    const settings = { ...settingsFor(name), ...stdin(sideBySide(entries)), write: false as const }
    const { metafile } = await build(settings)
    for (const path of Object.keys(metafile?.inputs ?? {})) {
      if (path.startsWith('src/') && !owners.has(path)) owners.set(path, name)
    }
  }
  const files = { [first]: atStart, ...byNeed }
  for (const [name, entries] of Object.entries(files)) await own(name, entries)
  await own(
    last,
    [...deferred].filter((path) => !owners.has(path)),
  )
  const takenFrom = (name: string) => [...taken].filter((path) => owners.get(path) === name)
  for (const [name, entries] of Object.entries(files)) {
    await build({ ...settingsFor(name), ...stdin(runAtOnce(entries, takenFrom(name))) })
  }
  await build({ ...settingsFor(last), ...stdin(runByNeed(takenFrom(last))) })
  const start = startText.bind(undefined, first)
  writeFileSync(outfile, start(await cacheCode(dirname(outfile), worthCaching, start), false))
}

/** Each module runs when it is first asked for; most calls need few of them. */
function runByNeed(paths: readonly string[]): string {
  const each = paths.map((path) => `get ${JSON.stringify(path)}() { return require('./${path}') }`)
  return `export const modules = { ${each.join(', ')} }`
}

/**
 * All of them are needed. They stand beside each other, without a wrapper that would have to be compiled twice, and only
 * what other files take has a name.
 */
function runAtOnce(entries: readonly string[], taken: readonly string[]): string {
  const imports = taken.map((path, index) => `import * as m${index} from './${path}'`)
  const each = taken.map((path, index) => `${JSON.stringify(path)}: m${index}`)
  const all = [sideBySide(entries), ...imports, `export const modules = { ${each.join(', ')} }`]
  return all.join('\n')
}

function sideBySide(paths: readonly string[]): string {
  return paths.map((path) => `import './${path}'`).join('\n')
}

function stdin(contents: string): BuildOptions {
  return { stdin: { contents, resolveDir: process.cwd(), loader: 'js' } }
}

interface Known {
  /** Which file has which module so far. */
  readonly owners: Map<string, string>
  /** Everything of ours that is imported by need. */
  readonly deferred: Set<string>
  /** Everything that another file than its own takes. */
  readonly taken: Set<string>
}

/** Packages are not bundled; all that is taken of zod/mini is a sixth of zod, and would take longer to find than to run. */
const packagesApart: Plugin = {
  name: 'packages-apart',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path === 'zod/mini' ? undefined : { path, external: true },
    )
  },
}

/** Takes modules that another file has from there, and leaves what is imported by need to the others. */
function apart({ owners, deferred, taken }: Known, file: string): Plugin {
  return {
    name: 'apart',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, namespace }) => {
        if (resolveDir.includes('node_modules')) return undefined
        if (namespace === 'elsewhere') return { path, external: true }
        const found = relative(process.cwd(), resolve(resolveDir, path))
        const owner = owners.get(found) ?? (kind === 'dynamic-import' ? destined(found) : file)
        if (kind === 'dynamic-import') deferred.add(found)
        if (owner === file) return undefined
        taken.add(found)
        return { path: found, namespace: 'elsewhere', pluginData: owner }
      })
      // The version is all that is asked of it.
      build.onLoad({ filter: /package\.json$/ }, () => ({
        contents: JSON.stringify({ version }),
        loader: 'json',
      }))
      build.onLoad({ filter: /^/, namespace: 'elsewhere' }, ({ path, pluginData }) => ({
        contents: `module.exports = require('./${String(pluginData)}').modules[${JSON.stringify(path)}]`,
      }))
    },
  }
}

function destined(path: string): string {
  return Object.entries(byNeed).find(([, entries]) => entries.includes(path))?.[0] ?? last
}
