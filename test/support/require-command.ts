import { accessSync, constants, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach } from 'vitest'

/**
 * Every installed program of that name, in the order of PATH. Without any, each test of the calling file is
 * skipped with a note that names the Debian package to install.
 */
export function requireCommand(command: string, debianPackage: string): readonly string[] {
  const found = installed(command)
  if (found.length === 0) {
    beforeEach((context) => {
      context.skip(`${command} is not installed; install ${debianPackage}`)
    })
  }
  return found
}

/** Every installed program of that name, in the order of PATH. */
export function installed(command: string): string[] {
  const seen = new Set<string>()
  return (process.env['PATH'] ?? '').split(':').flatMap((folder) => {
    const file = join(folder, command)
    try {
      accessSync(file, constants.X_OK)
      const real = realpathSync(file)
      if (seen.has(real)) return []
      seen.add(real)
      return [file]
    } catch {
      return []
    }
  })
}
