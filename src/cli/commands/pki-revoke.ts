import { CliFault } from '../cli-fault.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { type IssuedEntry, PkiFolder } from '../pki/pki-folder.ts'
import type { Surroundings } from '../surroundings.ts'
import { writeList } from './pki-crl.ts'

/** Revokes a certificate by name or serial number, and writes a new list. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const [word] = flags.words
  if (word === undefined) {
    throw new CliFault('Name the certificate, or its serial number. See postern pki list.')
  }
  const folder = new PkiFolder(flags.text('folder'), surroundings)
  folder.issuer()
  const serial = word.replaceAll(':', '').toLowerCase()
  const meant = (entry: IssuedEntry): boolean => entry.name === word || entry.serial === serial
  const before = folder.index().certificates.filter(meant)
  await folder.changeIndex((index) => {
    const found = index.certificates.filter(meant)
    if (found.length === 0)
      throw new CliFault(
        'No certificate of that name or serial number was issued here. See postern pki list.',
      )
    const revoked = surroundings.effects.now().toISOString()
    return {
      ...index,
      certificates: index.certificates.map((entry) =>
        meant(entry) ? { revoked, ...entry } : entry,
      ),
    }
  })
  if (before.length > 0 && before.every(({ revoked }) => revoked !== undefined)) {
    surroundings.stderr('It was revoked before.\n')
  }
  await writeList(folder, flags, surroundings)
  return 0
}
