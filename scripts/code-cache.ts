import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rehearse } from './rehearse.ts'

/** Base name of a file of the command line, and of V8's compiled code for it. */
export type CodeCaches = Readonly<Record<string, string>>

/**
 * Compiles what one call to AWS and one to a broker take, and keeps that beside the files: V8 then reads code instead of
 * compiling it anew at each start. What has run is in it too, so it is made by real calls, to a server of our own on
 * loopback. Only the Node that made it takes it, and a name that holds the digest of the file ties one to the other.
 */
export async function cacheCode(
  folder: string,
  names: readonly string[],
  start: (caches: CodeCaches, keep: boolean) => string,
): Promise<CodeCaches> {
  const plain = join(folder, 'keep-none.cjs')
  const keeper = join(folder, 'keep-code.cjs')
  const home = mkdtempSync(join(tmpdir(), 'postern-code-'))
  try {
    writeFileSync(plain, start({}, false))
    const kept = Object.fromEntries(names.map((name) => [name, `${name}.cache`]))
    writeFileSync(keeper, start(kept, true))
    await rehearse({ plain, keeper, home })
    return Object.fromEntries(
      names.map((name) => {
        const digest = createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')
        const cache = `${name.replace('.cjs', '')}-${digest.slice(0, 16)}.cache`
        renameSync(join(folder, `${name}.cache`), join(folder, cache))
        return [name, cache]
      }),
    )
  } finally {
    for (const path of [plain, keeper]) rmSync(path, { force: true })
    rmSync(home, { recursive: true })
  }
}
