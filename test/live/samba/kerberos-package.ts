import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const version = '7.0.0'

/**
 * Where the optional package kerberos is installed: POSTERN_KERBEROS, or beside Postern. Otherwise it is built into a folder
 * of the system's own for temporary things, and found there next time.
 */
export async function kerberosFolder(): Promise<string> {
  const built = join(tmpdir(), `postern-kerberos-${version}`)
  const installed = [process.env['POSTERN_KERBEROS'], process.cwd(), built].find(
    (folder) => folder !== undefined && has(folder),
  )
  if (installed !== undefined) return installed
  const folder = `${built}.${process.pid}`
  mkdirSync(folder)
  // The headers lie beside the Node that runs this; npm would download them.
  const headers = join(dirname(process.execPath), '..')
  const nodedir = existsSync(join(headers, 'include', 'node', 'node_api.h')) ? headers : undefined
  const packageJson = { private: true, allowScripts: { kerberos: true } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(packageJson))
  await run('npm', ['install', '--no-audit', '--no-fund', `kerberos@${version}`], {
    cwd: folder,
    env: { ...process.env, ...(nodedir && { npm_config_nodedir: nodedir }) },
    timeout: 240_000,
  })
  rmSync(built, { recursive: true, force: true })
  renameSync(folder, built)
  return built
}

/** Loads a package from a folder, for `loadGssapi`. */
export function importFrom(folder: string): (name: string) => Promise<unknown> {
  const require = createRequire(join(folder, 'package.json'))
  return (name) => {
    const found: unknown = require(name)
    return Promise.resolve(found)
  }
}

function has(folder: string): boolean {
  return existsSync(join(folder, 'node_modules', 'kerberos', 'build', 'Release', 'kerberos.node'))
}
