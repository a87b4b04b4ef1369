import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs'
import { makeFolder } from '../make-folder.ts'
import type { Surroundings } from '../surroundings.ts'

/** A file or folder that should be the user's alone, and isn't. */
export class NotOurs extends Error {}

const largest = 64 * 1024
// Windows has no such flag; its profile folder is the user's own.
const noFollow = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW

/** Makes a folder that only the user can enter. NotOurs when somebody else's, a link, or open to others stands there. */
export function ownFolder(path: string, { uid }: Pick<Surroundings, 'uid'>): void {
  // Looked at first: mostly it is there, and a failed call costs more.
  if (!lstatSync(path, { throwIfNoEntry: false })) makeFolder(path)
  const stats = lstatSync(path)
  if (!stats.isDirectory()) throw new NotOurs(`${path} is not a folder`)
  check(path, stats, uid, 0o077)
}

/** The text of a file that only the user can read; undefined when there is none. NotOurs as for the folder. */
export function readOwnFile(path: string, { uid }: Pick<Surroundings, 'uid'>): string | undefined {
  const file = openOwn(path)
  if (file === undefined) return undefined
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > largest)
      throw new NotOurs(`${path} is not a plain, small file`)
    check(path, stats, uid, 0o177)
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** Puts a file that only the user can read where it belongs in one step. `suffix` keeps two writers apart. */
export function writeOwnFile(path: string, text: string, suffix: string): void {
  const temporary = `${path}.${suffix}.tmp`
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | noFollow
  const file = openSync(temporary, flags, 0o600)
  try {
    try {
      // In full, or it fails: a disk may have room for a part.
      writeFileSync(file, text)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function openOwn(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | noFollow)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') throw new NotOurs(`${path} is a link`)
    throw error
  }
}

function check(path: string, stats: Stats, uid: number | undefined, forbidden: number): void {
  if (uid === undefined) return
  if (stats.uid !== uid) throw new NotOurs(`${path} belongs to somebody else`)
  if ((stats.mode & forbidden) !== 0) {
    throw new NotOurs(`${path} has mode ${(stats.mode & 0o777).toString(8)}, which lets others in`)
  }
}
