import { existsSync } from 'node:fs'
import { beforeEach } from 'vitest'

interface Needs {
  readonly root?: string
}

/** What keeps something from running here: files that are missing, by their Debian packages, and not being root. */
export function whatIsMissing(
  packages: Readonly<Record<string, string>>,
  needs: Needs = {},
): string[] {
  const missing = Object.entries(packages).filter(([file]) => !existsSync(file))
  const reasons = [...new Set(missing.map(([, name]) => name))].map((name) => `install ${name}`)
  if (needs.root !== undefined && process.getuid?.() !== 0) {
    reasons.push(`run as root for ${needs.root}`)
  }
  return reasons
}

/**
 * Whether all files are there, and the user is root where something needs it. Otherwise each test of the calling file is
 * skipped with a note that names the Debian packages to install.
 */
export function requirePrograms(
  packages: Readonly<Record<string, string>>,
  needs: Needs = {},
): boolean {
  const reasons = whatIsMissing(packages, needs)
  if (reasons.length === 0) return true
  const note = reasons.join('; ')
  beforeEach((context) => {
    context.skip(note)
  })
  return false
}
