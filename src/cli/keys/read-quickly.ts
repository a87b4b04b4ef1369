import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import type { Signer } from '../../keys/signer.ts'
import { signerFrom } from '../../keys/key-material.ts'
import type { KeySettings } from '../settings/key-settings.ts'

const largest = 1024 * 1024

/**
 * A signer of plain PEM files, read without the promises of node:fs: they cost a cold call a tenth. Undefined for
 * everything out of the ordinary, which is left to the patient way with its better words.
 */
export async function signerReadQuickly(keys: KeySettings): Promise<Signer | undefined> {
  if (keys.password !== undefined) return undefined
  try {
    const certificate = bytesOf(keys.certificate)
    const privateKey = bytesOf(keys.privateKey)
    const intermediates = bytesOf(keys.intermediates)
    // Looked for, not parsed: what follows parses it.
    if (!certificate?.includes('-----BEGIN ')) return undefined
    if ((privateKey ?? certificate).includes('ENCRYPTED')) return undefined
    return await signerFrom({ certificate, privateKey, intermediates })
  } catch {
    return undefined
  }
}

function bytesOf(path: string | undefined): Buffer | undefined {
  if (path === undefined) return undefined
  const file = openSync(path, 'r')
  try {
    const stats = fstatSync(file)
    if (!stats.isFile() || stats.size > largest) throw new Error('not a plain, small file')
    return readFileSync(file)
  } finally {
    closeSync(file)
  }
}
