import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CliFault } from './cli-fault.ts'

const begin = '-----BEGIN CERTIFICATE-----'

/** The PEM text of a file of authorities. CliFault when it can't be read, or holds none. */
export function caBundle(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CliFault(`The CA bundle ${path} can't be read. Check --ca and AWS_CA_BUNDLE.`, {
      cause,
    })
  }
  if (text.includes(begin)) return text
  throw new CliFault(
    `The CA bundle ${path} holds no PEM certificate. Check --ca and AWS_CA_BUNDLE.`,
  )
}

/** The PEM texts in folders of authorities, each once, as OpenSSL lays them out. CliFault when there are none at all. */
export function caFolders(folders: readonly string[]): readonly string[] {
  const texts = folders.flatMap((folder) =>
    entries(folder).map(({ name }) => textOf(join(folder, name))),
  )
  const found = new Set(texts.filter((text) => text.includes(begin)))
  if (found.size > 0) return [...found]
  throw new CliFault(`There is no PEM certificate in ${folders.join(', ')}. Check SSL_CERT_DIR.`)
}

// What can't be read names no authority, and another folder may.
function entries(folder: string): readonly Dirent[] {
  try {
    const all = readdirSync(folder, { withFileTypes: true })
    return all.filter((entry) => entry.isFile() || entry.isSymbolicLink())
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
