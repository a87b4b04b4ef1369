import type { DirectoryConnection } from './directory-connection.ts'

/**
 * Binds as nobody, so that a name which the directory doesn't have takes as long as one that it has. With a password of
 * our own: what was typed may be somebody's.
 */
export async function decoyBind(
  connection: DirectoryConnection,
  baseDn: string,
  randomBytes: (length: number) => Buffer,
): Promise<void> {
  connection.commit()
  await connection.bind(
    `CN=${randomBytes(16).toString('hex')},${baseDn}`,
    randomBytes(16).toString('hex'),
  )
}
