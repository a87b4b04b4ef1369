import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { CliFault } from '../cli-fault.ts'
import { makeFolder } from '../make-folder.ts'
import { NotOurs, ownFolder, writeOwnFile } from '../cache/own-files.ts'
import type { RunTool } from '../stores/certificate-store.ts'
import { systemTool } from '../stores/system-tool.ts'
import type { Surroundings } from '../surroundings.ts'

/** The certificate with its key, in its folder. */
export const pemName = 'pemcertificate.pem'

// Those of earlier runs, and what one that was killed left half-done.
const copy = /^(?:pemcertificate\.pem(?:\.[0-9a-f]+\.tmp)?|pfxcertificate\.pfx)$/

/** A folder for a certificate and key that only the user can enter. CliFault when it is somebody else's. */
export async function preparePrivateFolder(
  folder: string,
  surroundings: Surroundings,
  run: RunTool,
): Promise<void> {
  try {
    makeFolder(folder)
    closeToOthers(folder, surroundings)
    ownFolder(folder, surroundings)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`The folder can't be used: ${why}. Choose another --folder.`, { cause })
  }
  await ownerOnly(folder, true, surroundings, run)
}

// A folder of ours that was open to others is closed; somebody else's is not taken, nor one that has another use.
function closeToOthers(folder: string, { uid, platform }: Surroundings): void {
  const stats = lstatSync(folder)
  if (!stats.isDirectory()) return
  const isOpen = platform === 'win32' || (stats.mode & 0o077) !== 0
  const other = readdirSync(folder).find((name) => !copy.test(name) && name !== 'desktop.ini')
  if (isOpen && other !== undefined) {
    throw new NotOurs(`${folder} may be open to others, and ${other} is in it, who would lose that`)
  }
  if (uid !== undefined && stats.uid === uid) chmodSync(folder, 0o700)
}

/** Removes what earlier runs left there, but for the certificate that is about to be replaced; gives the names. */
export function removeEarlierCopies(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((name) => copy.test(name) && name !== pemName)
  for (const name of names) rmSync(join(folder, name))
  return names
}

/** Writes the PEM in one step, in the place of an earlier one, so that only the user can read it; gives its path. */
export async function writePem(
  folder: string,
  pem: string,
  surroundings: Surroundings,
  run: RunTool,
): Promise<string> {
  const path = join(folder, pemName)
  try {
    writeOwnFile(path, pem, surroundings.effects.randomBytes(8).toString('hex'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`${path} can't be written: ${why}. Has the disk room?`, { cause })
  }
  await ownerOnly(path, false, surroundings, run)
  return path
}

// Windows has no modes: inheritance is cut, and the user's account alone is let in.
async function ownerOnly(
  path: string,
  isFolder: boolean,
  surroundings: Surroundings,
  run: RunTool,
): Promise<void> {
  const { platform, env } = surroundings
  if (platform !== 'win32') return
  const { USERNAME: user, USERDOMAIN: domain } = env
  if (!user) throw new CliFault('USERNAME is not set, so the file can not be given to you alone.')
  const account = domain ? `${domain}\\${user}` : user
  const rights = isFolder ? `${account}:(OI)(CI)F` : `${account}:F`
  await run(
    systemTool('icacls.exe', surroundings),
    [path, '/inheritance:r', '/grant:r', rights],
    '',
  )
}
