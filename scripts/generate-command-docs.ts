import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withCommands } from './config-docs/command-reference.ts'

/** `npm run docs:commands`: writes the commands of `postern` into docs/command-line.md. */
const path = join(import.meta.dirname, '..', 'docs/command-line.md')
writeFileSync(path, await withCommands(readFileSync(path, 'utf8')))
