import { build, type BuildOptions, type Plugin } from 'esbuild'
import { basename, dirname, join, relative, resolve } from 'node:path'
import manifest from '../package.json' with { type: 'json' }

const main = 'src/cli/main.ts'
/** What the first file holds: the start, and what more than one of the others needs. */
const atStart = [main, 'src/cli/version.ts']
const { version } = manifest
/** What is loaded by need, and the file that it goes to; everything else goes to the last one. */
const byNeed: Readonly<Record<string, readonly string[]>> = {
  // First, as several of the others take it from there.
  'postern-shared.cjs': ['src/cli/cli-fault.ts', 'src/cli/is-loopback.ts'],
  'postern-session.cjs': ['src/cli/open-source.ts'],
  'postern-broker.cjs': ['src/cli/broker/broker-place.ts'],
  'postern-help.cjs': ['src/cli/find-command.ts', 'src/cli/help/help-text.ts'],
}
const last = 'postern-more.cjs'

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
 * The command line as `outfile`, which starts and serves from the cache, with files beside it that are loaded by need:
 * what a call to AWS takes, what help takes, and all the rest. Compiling everything would cost a tenth of each start.
 * Packages stay in node_modules. A module is in one of the files only, so that a class is the same class everywhere.
 */
export async function bundleCli(outfile: string): Promise<void> {
  const owners = new Map<string, string>()
  const deferred = new Set<string>()
  const own = async (name: string, entries: readonly string[]): Promise<void> => {
    const settings: BuildOptions = {
      ...options,
      outfile: join(dirname(outfile), name),
      plugins: [apart({ owners, deferred }, name)],
      packages: 'external',
    }
    const imports = entries.map((path) => `import './${path}'`).join('\n')
    const trial = await build({ ...settings, ...stdin(imports), write: false })
    for (const path of Object.keys(trial.metafile?.inputs ?? {})) {
      if (path.startsWith('src/') && !owners.has(path)) owners.set(path, name)
    }
    const modules = [...owners].filter(([, owner]) => owner === name).map(([path]) => path)
    await build({ ...settings, ...stdin(name === last ? runByNeed(modules) : runAtOnce(modules)) })
  }
  await own(basename(outfile), atStart)
  for (const [name, entries] of Object.entries(byNeed)) await own(name, entries)
  await own(
    last,
    [...deferred].filter((path) => !owners.has(path)),
  )
}

/** Each module runs when it is first asked for; most calls need few of them. */
function runByNeed(paths: readonly string[]): string {
  const each = paths.map((path) => `get ${JSON.stringify(path)}() { return require('./${path}') }`)
  return `export const modules = { ${each.join(', ')} }`
}

/** All of them are needed. They stand beside each other, without a wrapper that would have to be compiled twice. */
function runAtOnce(paths: readonly string[]): string {
  const imports = paths.map((path, index) => `import * as m${index} from './${path}'`)
  const each = paths.map((path, index) => `${JSON.stringify(path)}: m${index}`)
  return `${imports.join('\n')}\nexport const modules = { ${each.join(', ')} }`
}

function stdin(contents: string): BuildOptions {
  return { stdin: { contents, resolveDir: process.cwd(), loader: 'js' } }
}

interface Known {
  /** Which file has which module so far. */
  readonly owners: ReadonlyMap<string, string>
  /** Everything of ours that is imported by need. */
  readonly deferred: Set<string>
}

/** Takes modules that another file has from there, and leaves what is imported by need to the others. */
function apart({ owners, deferred }: Known, file: string): Plugin {
  return {
    name: 'apart',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir, namespace }) => {
        if (namespace === 'elsewhere') return { path, external: true }
        const found = relative(process.cwd(), resolve(resolveDir, path))
        const owner = owners.get(found) ?? (kind === 'dynamic-import' ? destined(found) : file)
        if (kind === 'dynamic-import') deferred.add(found)
        return owner === file
          ? undefined
          : { path: found, namespace: 'elsewhere', pluginData: owner }
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
