import type { CodeCaches } from './code-cache.ts'

/**
 * The file that starts the command line: it loads the others, with V8's compiled code where this very Node made it. No
 * Node takes that of another one, and a file without is compiled as any other.
 */
export function startText(first: string, caches: CodeCaches, keep: boolean): string {
  return `'use strict'
const { readFileSync${keep ? ', writeFileSync' : ''} } = require('fs')
const { Script } = require('vm')
const fits = ${JSON.stringify(madeBy())} === process.version + process.arch
const caches = ${JSON.stringify(caches)}
const loaded = new Map()
function cached(name) {
  try {
    return fits && name in caches ? readFileSync(__dirname + '/' + caches[name]) : undefined
  } catch {
    return undefined
  }
}
function load(name) {
  const known = loaded.get(name)
  if (known !== undefined) return known.exports
  const filename = __dirname + '/' + name
  const code = '(function(require,module,exports){' + readFileSync(filename, 'latin1') + '\\n})'
  const script = new Script(code, { filename, cachedData: cached(name) })
${keep ? keeping : ''}  const module = { exports: {} }
  loaded.set(name, module)
  script.runInThisContext()(take, module, module.exports)
  return module.exports
}
function take(id) {
  return id.startsWith('./postern-') ? load(id.slice(2)) : require(id)
}
load(${JSON.stringify(first)})
`
}

const keeping = `  if (name in caches) process.on('exit', () => {
    writeFileSync(__dirname + '/' + caches[name], script.createCachedData())
  })
`

function madeBy(): string {
  return process.version + process.arch
}
