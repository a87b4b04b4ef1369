import { readFileSync, writeFileSync } from 'node:fs'
import { parseDocument } from 'yaml'

/** Changes values of a configuration file, named by their path (`issuers.hub.reuse`); undefined takes one out. */
export function alterConfig(file: string, changes: Readonly<Record<string, unknown>>): void {
  const document = parseDocument(readFileSync(file, 'utf8'))
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.').map((step) => (/^\d$/.test(step) ? Number(step) : step))
    if (value === undefined) document.deleteIn(steps)
    else document.setIn(steps, document.createNode(value))
  }
  writeFileSync(file, String(document))
}
