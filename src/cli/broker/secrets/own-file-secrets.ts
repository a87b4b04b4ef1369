import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ownFolder, readOwnFile, writeOwnFile } from '../../cache/own-files.ts'
import type { Surroundings } from '../../surroundings.ts'
import { configFolder } from '../config-folder.ts'
import type { SecretStore } from './secret-store.ts'

/** Secrets in files that only the user can read, where there is no keyring. */
export function ownFileSecrets(surroundings: Surroundings): SecretStore {
  const folder = join(configFolder(surroundings), 'tokens')
  const place = (origin: string): string => join(folder, secretFileName(origin))
  return {
    id: 'file',
    where: `files in ${folder} that only you can read`,
    get: (origin) => Promise.resolve(readOwnFile(place(origin), surroundings)),
    put: (origin, secret) => {
      ownFolder(configFolder(surroundings), surroundings)
      ownFolder(folder, surroundings)
      writeOwnFile(place(origin), secret, surroundings.effects.randomBytes(8).toString('hex'))
      return Promise.resolve()
    },
    remove: (origin) => {
      rmSync(place(origin), { force: true })
      return Promise.resolve()
    },
  }
}

/** A file name for an origin, on any system. What is in the file names the origin in full. */
function secretFileName(origin: string): string {
  return `${origin.replace(/[^\w.-]+/g, '_')}.json`
}
