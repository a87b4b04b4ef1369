import { type FileHandle, open, stat } from 'node:fs/promises'
import { KeyFault } from './key-fault.ts'
import type { KeyMaterial } from './key-material.ts'

/** Where a certificate and what goes with it lie; the same meaning as in KeyMaterial. */
export interface KeyFiles {
  readonly certificate: string
  readonly privateKey?: string | undefined
  readonly intermediates?: string | undefined
}

const largest = 1024 * 1024

/** The bytes of all files, and a text that changes when any of them does. KeyFault `file_unreadable`. */
export async function readKeyFiles(files: KeyFiles): Promise<KeyMaterial & { version: string }> {
  const certificate = await read(files.certificate, 'certificate')
  const privateKey = files.privateKey && (await read(files.privateKey, 'private key'))
  const intermediates =
    files.intermediates && (await read(files.intermediates, 'intermediate certificates'))
  const all = [certificate, privateKey, intermediates]
  return {
    certificate: certificate.bytes,
    ...(privateKey && { privateKey: privateKey.bytes }),
    ...(intermediates && { intermediates: intermediates.bytes }),
    version: all.map((file) => (file ? file.version : '')).join(' '),
  }
}

/** The bytes of one file; `what` names it in the fault. KeyFault `file_unreadable`. */
export async function readKeyFile(path: string, what: string): Promise<Buffer> {
  return (await read(path, what)).bytes
}

/** What `version` would be now, without reading the files. */
export async function keyFilesVersion(files: KeyFiles): Promise<string> {
  const paths = [files.certificate, files.privateKey, files.intermediates]
  const versions = paths.map(async (path) => {
    if (!path) return ''
    return stat(path, { bigint: true }).then(versionOf, () => 'gone')
  })
  return (await Promise.all(versions)).join(' ')
}

interface Stats {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

// The inode, because a rotation by rename may keep size and time; the change time, because `touch -r` and tar restore
// the other one.
function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`
}

async function read(path: string, what: string): Promise<{ bytes: Buffer; version: string }> {
  try {
    await using file = await open(path, 'r')
    const stats = await file.stat({ bigint: true })
    if (!stats.isFile() && !stats.isFIFO() && !stats.isCharacterDevice()) {
      throw new Error('it is not a file')
    }
    return { bytes: await readBounded(file), version: versionOf(stats) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new KeyFault('file_unreadable', `The file of the ${what} can't be read.`, {
      detail: `${path}: ${why}`,
      cause,
    })
  }
}

async function readBounded(file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (let total = 0; total <= largest;) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16 * 1024))
    if (bytesRead === 0) return Buffer.concat(chunks)
    chunks.push(buffer.subarray(0, bytesRead))
    total += bytesRead
  }
  throw new Error(`it is larger than ${largest} bytes`)
}
