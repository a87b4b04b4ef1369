import type { Dialect } from './dialect.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import type { DirectoryRefusal } from './directory-fault.ts'

export interface DecoyParts {
  readonly dialect: Pick<Dialect, 'guard'>
  readonly baseDn: string
  readonly randomBytes: (length: number) => Buffer
  readonly now: number
}

/**
 * Asks of nobody what is asked of somebody who typed a wrong password, so that a name which the directory doesn't have
 * takes as long as one that it has. With a password of our own: what was typed may be somebody's.
 */
export async function decoyTry(
  connection: DirectoryConnection,
  { refusal }: DirectoryRefusal,
  { dialect, baseDn, randomBytes, now }: DecoyParts,
): Promise<void> {
  const dn = `CN=${randomBytes(16).toString('hex')},${baseDn}`
  // That refusal comes from the very look at the lockout.
  if (refusal !== 'directory_lockout_near') await dialect.guard(connection, dn, now)
  connection.commit()
  await connection.bind(dn, randomBytes(16).toString('hex'))
}
