import { readKeyFiles } from '../../keys/key-files.ts'

/** The bytes of one file of keys or certificates, where there is one. KeyFault `file_unreadable`. */
export async function readBytes(path: string | undefined): Promise<Buffer | undefined> {
  return path === undefined ? undefined : (await readKeyFiles({ certificate: path })).certificate
}
