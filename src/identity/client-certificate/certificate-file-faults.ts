import { readFile } from 'node:fs/promises'
import { readTlsKeyPair } from '../../keys/tls-key-pair.ts'
import { basicConstraints } from './extensions.ts'
import { readBounded } from './revocation/fetch-list.ts'
import { readLists } from './revocation/list-source.ts'
import { readAuthorities } from './trusted-authorities.ts'

/** The files that a method depends on. */
export interface CertificateFiles {
  readonly authorities: readonly string[]
  readonly lists: readonly string[]
  /** Of its own listener. */
  readonly pair: { readonly certificate: string; readonly key: string } | undefined
}

/** Everything that is wrong with the files of a method, a line for each file. */
export async function certificateFileFaults(files: CertificateFiles): Promise<readonly string[]> {
  const found = await Promise.all([
    ...[...new Set(files.authorities)].map((file) => faultOf(file, checkAuthorities)),
    ...files.lists.map((file) => faultOf(file, async () => readLists(await readBounded(file)))),
    ...(files.pair ? [pairFault(files.pair)] : []),
  ])
  return found.filter((fault) => fault !== undefined)
}

async function checkAuthorities(file: string): Promise<void> {
  const { certificates } = readAuthorities([await readFile(file)])
  if (certificates.length === 0) throw new Error('it holds no certificate')
  for (const certificate of certificates) {
    if (basicConstraints(certificate).ca) continue
    throw new Error(`the certificate with the serial ${certificate.serial} is no authority’s`)
  }
}

async function faultOf(
  file: string,
  check: (file: string) => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await check(file)
    return undefined
  } catch (error) {
    return `${file}: ${reasonOf(error)}`
  }
}

async function pairFault(pair: NonNullable<CertificateFiles['pair']>): Promise<string | undefined> {
  try {
    await readTlsKeyPair(pair)
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
