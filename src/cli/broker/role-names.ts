import { join } from 'node:path'
import { ownFolder, writeOwnFile } from '../cache/own-files.ts'
import type { Surroundings } from '../surroundings.ts'
import { configFolder } from './config-folder.ts'
import { type OfferedRole, shortName } from './find-role.ts'

const largest = 60_000
// Words that every shell leaves as they are: bash expands what completion offers.
const plain = /^[\w./@+,-]+$/

/** Keeps the names of one's roles for shell completion, which can't ask anybody. */
export function keepRoleNames(roles: readonly OfferedRole[], surroundings: Surroundings): void {
  const names = roles
    .map((role) => {
      const short = shortName(role)
      return plain.test(short) ? short : `${role.account.id}/${role.name}`
    })
    .filter((name) => plain.test(name))
  const text = [...new Set(names)].sort().join('\n').slice(0, largest)
  const folder = configFolder(surroundings)
  try {
    ownFolder(folder, surroundings)
    const suffix = surroundings.effects.randomBytes(8).toString('hex')
    writeOwnFile(join(folder, 'role-names'), `${text}\n`, suffix)
  } catch {
    // Completion is no reason to fail.
  }
}
