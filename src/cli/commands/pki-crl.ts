import { changeFile } from '../aws-files/change-file.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { revocationList } from '../pki/certificates.ts'
import { validFor } from '../pki/dates.ts'
import { PkiFolder } from '../pki/pki-folder.ts'
import type { Surroundings } from '../surroundings.ts'
import { printJson } from '../terminal/json-output.ts'

/** Writes a new revocation list. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const folder = new PkiFolder(flags.text('folder'), surroundings)
  await writeList(folder, flags, surroundings)
  return 0
}

/** crl.pem, with a number above that of the list before; says so, as JSON where --json is on. */
export async function writeList(
  folder: PkiFolder,
  flags: Flags,
  surroundings: Surroundings,
): Promise<void> {
  const { authority } = folder.issuer()
  const { from, to } = validFor(flags.integer('days'), surroundings.effects)
  let number = 0
  let revoked: { serial: string; on: Date }[] = []
  await folder.changeIndex((index) => {
    number = index.lists + 1
    revoked = index.certificates.flatMap(({ serial, notAfter, revoked: on }) =>
      // What has ended needs no revoking (RFC 5280 §3.3).
      on !== undefined && new Date(notAfter) > from ? [{ serial, on: new Date(on) }] : [],
    )
    return { ...index, lists: number }
  })
  const list = await revocationList(authority, revoked, { number, from, to })
  const path = folder.file('crl.pem')
  await changeFile(path, surroundings, () => Buffer.from(list))
  if (flags.isOn('json')) {
    const serials = revoked.map(({ serial }) => serial)
    printJson({ list: path, number, nextUpdate: to.toISOString(), revoked: serials }, surroundings)
    return
  }
  surroundings.stderr(
    `${path} lists ${revoked.length} revoked, and is good until ${to.toISOString()}.\n`,
  )
}
