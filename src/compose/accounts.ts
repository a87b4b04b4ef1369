import type { Accounts } from '../broker/broker-parts.ts'
import { directoryIdOf } from './directories.ts'
import type { Config } from '../config/config.ts'
import { type AccountCheck, createAccountRecheck } from '../identity/account-check.ts'
import { directoryCheck, freshSignInCheck } from '../identity/directory/account-recheck.ts'
import type { Proof } from '../identity/directory/account-state.ts'
import type { Directory } from '../identity/directory/directory.ts'
import { localCheck } from '../identity/local-check.ts'

type Method = Config['signIn'][number]

/** What stands for people of methods that look them up in the directory of another one. */
const proofs: Readonly<Partial<Record<string, Proof>>> = {
  kerberos: 'ticket',
  'client-certificate': 'certificate',
}

/**
 * The look at accounts before anything is issued: among the users of the configuration, or in the directory where the
 * method is one or names one, and not at all elsewhere.
 */
export function composeAccounts(
  { signIn }: Pick<Config, 'signIn'>,
  directories: ReadonlyMap<string, Directory>,
  now: () => Date,
): Accounts {
  const checkOf = (method: Method): AccountCheck | undefined => {
    if (method.type === 'local') return localCheck(method)
    const source = signIn.find(({ id }) => id === directoryIdOf(method))
    if (source?.type !== 'active-directory' && source?.type !== 'ldap') return undefined
    const directory = directories.get(source.id)
    const life = source.recheck
    return directory && source.bind.kind === 'service-account'
      ? directoryCheck({ directory, proof: proofs[method.type] ?? 'password', life, now })
      : freshSignInCheck(life, now)
  }
  return createAccountRecheck(new Map(signIn.map((method) => [method.id, checkOf(method)])))
}
