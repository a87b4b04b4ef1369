import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bundleWhole } from './bundle-cli.ts'

const run = promisify(execFile)
// A program of its own, because it warns on the console about every section of the binary that it does not know.
const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'))
// Where Node looks for its program, and the mark in the binary that says there is one (Node.js, "Single executable
// applications").
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'
const resource = 'NODE_SEA_BLOB'

/**
 * The command line and the Node that runs this as one executable file, for machines without Node and of the same kind as
 * this one. On macOS it is signed for this machine alone; who hands it out signs it anew.
 */
export async function bundleExecutable(outfile: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-executable-'))
  try {
    const main = join(folder, 'postern.cjs')
    const output = join(folder, 'postern.blob')
    const config = join(folder, 'config.json')
    await bundleWhole(main)
    const settings = {
      main,
      output,
      disableExperimentalSEAWarning: true,
      // Compiling all of it would be half of each start.
      useCodeCache: true,
      // Options meant for other programs must not change what this one does.
      execArgvExtension: 'none',
    }
    writeFileSync(config, JSON.stringify(settings))
    await run(process.execPath, ['--experimental-sea-config', config])
    mkdirSync(dirname(outfile), { recursive: true })
    copyFileSync(process.execPath, outfile)
    chmodSync(outfile, 0o755)
    const isMac = process.platform === 'darwin'
    if (isMac) await run('codesign', ['--remove-signature', outfile])
    const segment = isMac ? ['--macho-segment-name', 'NODE_SEA'] : []
    const injection = [outfile, resource, output, '--sentinel-fuse', fuse, ...segment]
    await run(process.execPath, [postject, ...injection])
    if (isMac) await run('codesign', ['--sign', '-', outfile])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
