import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CliFault } from '../cli-fault.ts'
import { NotOurs, ownFolder, writeOwnFile } from '../cache/own-files.ts'
import type { RunTool } from '../stores/certificate-store.ts'
import type { Surroundings } from '../surroundings.ts'

const copies = ['pemcertificate.pem', 'pfxcertificate.pfx']

/** A folder for a certificate and key that only the user can enter. CliFault when it is somebody else's. */
export async function preparePrivateFolder(
  folder: string,
  surroundings: Surroundings,
  run: RunTool,
): Promise<void> {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid } = surroundings
    if (uid !== undefined && lstatSync(folder).isDirectory() && lstatSync(folder).uid === uid) {
      // A folder of ours that was open to others is closed; somebody else's is not taken.
      chmodSync(folder, 0o700)
    }
    ownFolder(folder, surroundings)
  } catch (cause) {
    const why = cause instanceof NotOurs || cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`The folder can't be used: ${why}.`, { cause })
  }
  await ownerOnly(folder, true, surroundings, run)
}

/** Removes what an earlier run left there; gives the names. */
export function removeEarlierCopies(folder: string): readonly string[] {
  return copies.filter((name) => {
    const path = join(folder, name)
    if (!lstatSync(path, { throwIfNoEntry: false })) return false
    rmSync(path)
    return true
  })
}

/** Writes the PEM so that only the user can read it; gives its path. */
export async function writePem(
  folder: string,
  pem: string,
  surroundings: Surroundings,
  run: RunTool,
): Promise<string> {
  const [name = ''] = copies
  const path = join(folder, name)
  writeOwnFile(path, pem, surroundings.effects.randomBytes(8).toString('hex'))
  await ownerOnly(path, false, surroundings, run)
  return path
}

// Windows has no modes: inheritance is cut, and the user's account alone is let in.
async function ownerOnly(
  path: string,
  isFolder: boolean,
  { platform, env }: Surroundings,
  run: RunTool,
): Promise<void> {
  if (platform !== 'win32') return
  const { USERNAME: user, USERDOMAIN: domain } = env
  if (!user) throw new CliFault('USERNAME is not set, so the file can not be given to you alone.')
  const account = domain ? `${domain}\\${user}` : user
  const rights = isFolder ? `${account}:(OI)(CI)F` : `${account}:F`
  await run('icacls.exe', [path, '/inheritance:r', '/grant:r', rights], '')
}
