import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { lockOr } from '../cache/with-lock.ts'
import { CliFault } from '../cli-fault.ts'
import { makeFolder } from '../make-folder.ts'
import type { Surroundings } from '../surroundings.ts'

const largest = 4 * 1024 * 1024
const longestWait = 30_000

/**
 * Changes a file in one step, so that whoever reads it sees the old or the new one whole, even when the power fails; and
 * under a lock, so that no change of ours is lost. A missing file is made for the user alone, and its folder too; links
 * are followed, and mode and owner are kept. CliFault when it can't be done.
 */
export async function changeFile(
  path: string,
  surroundings: Surroundings,
  change: (before: Buffer) => Buffer,
): Promise<void> {
  const failed = (cause: unknown): CliFault => {
    const why = cause instanceof Error ? cause.message : String(cause)
    const hint = `Check who may write in ${dirname(path)}, and that the disk has room.`
    return new CliFault(`${path} can't be written: ${why}. ${hint}`, { cause })
  }
  let target: string
  try {
    target = followed(path)
    makeFolder(dirname(target))
  } catch (error) {
    throw failed(error)
  }
  const beside = (suffix: string): string => join(dirname(target), `.${basename(target)}.${suffix}`)
  const lock = await lockOr<never>(beside('postern-lock'), surroundings, longestWait).catch(
    (error: unknown) => {
      throw failed(error)
    },
  )
  if (!lock) {
    throw new CliFault(
      `${path} is locked by another process for too long. Try again when that has ended.`,
    )
  }
  try {
    const owner = ownerFor(target, surroundings)
    // Otherwise the lock would bar the user from then on.
    if (owner) lchownSync(beside('postern-lock'), owner.uid, owner.gid)
    rewrite(target, beside('postern-tmp'), change, owner)
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? failed(error) : error
  } finally {
    lock[Symbol.dispose]()
  }
}

/** What a path leads to, even where that is yet to be made. */
function followed(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path
  // A circle of links has failed above.
  return followed(resolve(dirname(path), readlinkSync(path)))
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Whose the file must be where root writes it, in the folder of a user say; undefined where that goes without saying. */
function ownerFor(target: string, { uid }: Pick<Surroundings, 'uid'>): Owner | undefined {
  const stats = statSync(target, { throwIfNoEntry: false }) ?? statSync(dirname(target))
  return uid === 0 && stats.uid !== 0 ? stats : undefined
}

function rewrite(
  target: string,
  temporary: string,
  change: (before: Buffer) => Buffer,
  owner: Owner | undefined,
): void {
  const stats = statSync(target, { throwIfNoEntry: false })
  if (stats && (!stats.isFile() || stats.size > largest)) {
    throw new CliFault(
      `${target} is not a plain file of at most ${largest} bytes. Name another, or move it away.`,
    )
  }
  const before = stats ? readFileSync(target) : Buffer.alloc(0)
  const after = change(before)
  if (stats && after.equals(before)) return
  // Only the holder of the lock writes it, so what lies there is left from one that died.
  rmSync(temporary, { force: true })
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY
  const file = openSync(temporary, flags, 0o600)
  try {
    if (owner) fchownSync(file, owner.uid, owner.gid)
    if (stats) fchmodSync(file, stats.mode & 0o777)
    writeFileSync(file, after)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, target)
}
