import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { configDocs } from './config-docs/files.ts'

/** `npm run docs:config`: writes what is made from the configuration's schema. */
const root = join(import.meta.dirname, '..')
for (const [path, content] of await configDocs((path) => readFileSync(join(root, path), 'utf8'))) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
