import { build, type BuildOptions, type Plugin } from 'esbuild'
import { basename, dirname, join, relative, resolve } from 'node:path'

const entry = 'src/cli/main.ts'

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // Names stay: errors show theirs, and shorter ones start no sooner.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
}

/** The whole command line in one CommonJS file, packages included, for the single executable. */
export async function bundleWhole(outfile: string): Promise<void> {
  await build({ ...options, entryPoints: [entry], outfile })
}

/**
 * The command line in two CommonJS files: `outfile` starts and serves from the cache, and what else there is lies beside
 * it and is loaded by need, because compiling it costs a tenth of a start. Packages stay in node_modules. A module is in
 * one of the files only, so that a class is the same class everywhere.
 */
export async function bundleCli(outfile: string): Promise<void> {
  const rest = join(dirname(outfile), 'postern-more.cjs')
  const later = new Set<string>()
  const first = await build({
    ...options,
    ...stdin(`import './${entry}'`),
    plugins: [deferring(rest, later)],
    packages: 'external',
    write: false,
    outfile,
  })
  const hot = Object.keys(first.metafile?.inputs ?? {}).filter((path) => path.startsWith('src/'))
  const exported = hot.map((path) => `${JSON.stringify(path)}: require('./${path}')`)
  await build({
    ...options,
    ...stdin(`import './${entry}'\nexport const modules = { ${exported.map(lazy).join(', ')} }`),
    plugins: [deferring(rest, later)],
    packages: 'external',
    outfile,
  })
  const deferred = [...later].map((path) => lazy(`${JSON.stringify(path)}: require('./${path}')`))
  await build({
    ...options,
    ...stdin(`module.exports = { ${deferred.join(', ')} }`),
    plugins: [referring(outfile, new Set(hot))],
    packages: 'external',
    outfile: rest,
  })
}

/** `"path": require(...)` as a getter, so that a module runs when it is first asked for. */
function lazy(property: string): string {
  return property.replace(/^("[^"]*"): (.*)$/, 'get $1() { return $2 }')
}

function stdin(contents: string): BuildOptions {
  return { stdin: { contents, resolveDir: process.cwd(), loader: 'js' } }
}

/** Every `import()` of our own goes to the other file; which ones those are is noted. */
function deferring(rest: string, later: Set<string>): Plugin {
  return {
    name: 'deferring',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined
        const found = relative(process.cwd(), resolve(resolveDir, path))
        later.add(found)
        return { path: found, namespace: 'deferred' }
      })
      elsewhere(build, 'deferred', `require('./${basename(rest)}')`, rest)
    },
  }
}

/** Every import of a module that the first file has is taken from there. */
function referring(outfile: string, hot: ReadonlySet<string>): Plugin {
  return {
    name: 'referring',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
        const found = relative(process.cwd(), resolve(resolveDir, path))
        return hot.has(found) ? { path: found, namespace: 'referred' } : undefined
      })
      elsewhere(build, 'referred', `require('./${basename(outfile)}').modules`, outfile)
    },
  }
}

type PluginBuild = Parameters<Plugin['setup']>[0]

function elsewhere(build: PluginBuild, namespace: string, from: string, file: string): void {
  build.onLoad({ filter: /^/, namespace }, ({ path }) => ({
    contents: `module.exports = ${from}[${JSON.stringify(path)}]`,
  }))
  build.onResolve({ filter: /^/, namespace }, () => ({
    path: `./${basename(file)}`,
    external: true,
  }))
}
