import { existsSync } from 'node:fs'
import { beforeEach } from 'vitest'

/**
 * Whether all files are there, and the user is root where something needs it. Otherwise each test of the calling file is
 * skipped with a note that names the Debian packages to install.
 */
export function requirePrograms(
  packages: Readonly<Record<string, string>>,
  needs: { readonly root?: string } = {},
): boolean {
  const missing = Object.entries(packages).filter(([file]) => !existsSync(file))
  const reasons = [...new Set(missing.map(([, name]) => name))].map((name) => `install ${name}`)
  if (needs.root !== undefined && process.getuid?.() !== 0) {
    reasons.push(`run as root for ${needs.root}`)
  }
  if (reasons.length === 0) return true
  const note = reasons.join('; ')
  beforeEach((context) => {
    context.skip(note)
  })
  return false
}
