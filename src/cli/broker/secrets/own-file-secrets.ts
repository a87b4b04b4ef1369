import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { ownFolder, writeOwnFile } from '../../cache/own-files.ts'
import type { Surroundings } from '../../surroundings.ts'
import { configFolder } from '../config-folder.ts'
import { ownText } from '../own-text.ts'
import { writing } from '../writing.ts'
import type { SecretStore } from './secret-store.ts'

// A sign-in takes a third of this.
const roomNeeded = 1_024

/** Secrets in files that only the user can read, where there is no keyring. */
export function ownFileSecrets(surroundings: Surroundings): SecretStore {
  const folder = join(configFolder(surroundings), 'tokens')
  const write = (path: string, text: string): void => {
    writing(folder, () => {
      ownFolder(configFolder(surroundings), surroundings)
      ownFolder(folder, surroundings)
      writeOwnFile(path, text, surroundings.effects.randomBytes(8).toString('hex'))
    })
  }
  const place = (origin: string): string => join(folder, secretFileName(origin))
  return {
    id: 'file',
    where: `files in ${folder} that only you can read`,
    get: (origin) => Promise.resolve().then(() => ownText(place(origin), surroundings)),
    put: (origin, secret) =>
      promised(() => {
        write(place(origin), secret)
      }),
    prepare: (origin) =>
      promised(() => {
        const trial = `${place(origin)}.trial`
        write(trial, ' '.repeat(roomNeeded))
        rmSync(trial, { force: true })
      }),
    remove: (origin) =>
      promised(() => {
        writing(folder, () => {
          rmSync(place(origin), { force: true })
        })
      }),
  }
}

/** What throws becomes a promise that rejects. */
function promised(work: () => void): Promise<void> {
  return Promise.resolve().then(work)
}

/** A file name for an origin, on any system. What is in the file names the origin in full. */
function secretFileName(origin: string): string {
  return `${origin.replace(/[^\w.-]+/g, '_')}.json`
}
