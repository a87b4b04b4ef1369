import { readFileSync } from 'node:fs'
import { z } from 'zod'

const manifest = z.object({ version: z.string() })

/** Postern's version; package.json stands two folders up in the source and in the build alike. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return manifest.parse(JSON.parse(readFileSync(file, 'utf8'))).version
}
