import type { Flags } from '../flags/parse-flags.ts'
import { type IssuedEntry, PkiFolder } from '../pki/pki-folder.ts'
import type { Surroundings } from '../surroundings.ts'
import { coloursFor } from '../terminal/colour.ts'
import { printJson } from '../terminal/json-output.ts'
import { renderTable } from '../terminal/table.ts'

/** Lists what was issued: a table, or JSON. */
export function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  const folder = new PkiFolder(flags.text('folder'), surroundings)
  folder.checkPresent()
  const now = surroundings.effects.now()
  const certificates = folder
    .index()
    .certificates.map((entry) => ({ ...entry, state: stateOf(entry, now) }))
  if (flags.isOn('json')) {
    printJson({ certificates }, surroundings)
  } else if (certificates.length === 0) {
    surroundings.stderr('Nothing was issued yet: postern pki issue NAME\n')
  } else {
    const rows = certificates.map(({ name, state, notAfter, serial }) => [
      name,
      state,
      notAfter.slice(0, 10),
      serial,
    ])
    const columns = surroundings.terminal('stdout')?.columns
    const { bold } = coloursFor('stdout', surroundings)
    surroundings.stdout(renderTable([['NAME', 'STATE', 'ENDS', 'SERIAL'], ...rows], columns, bold))
  }
  return Promise.resolve(0)
}

function stateOf({ revoked, notAfter }: IssuedEntry, now: Date): 'revoked' | 'expired' | 'valid' {
  if (revoked !== undefined) return 'revoked'
  return new Date(notAfter) < now ? 'expired' : 'valid'
}
