import { SignInAgain } from '../../errors.ts'
import type { AccountCheck } from '../account-check.ts'
import type { Identity } from '../identity.ts'
import type { Proof } from './account-state.ts'
import { AccountRefused } from './account-refused.ts'
import type { Directory } from './directory.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import type { DirectoryPerson } from './read-person.ts'
import { RememberedAnswers } from './remembered-answers.ts'

/** Persons whose last check is remembered; whoever is forgotten costs a look-up. */
const mostPersons = 4_096
/** Milliseconds for which a refusal stands, so that a loop of requests isn't one of look-ups. */
const refusalLife = 10_000

export interface DirectoryCheckParts {
  readonly directory: Pick<Directory, 'lookUp'>
  /** What stood for the person at the sign-in. */
  readonly proof: Proof
  /** Milliseconds for which a sign-in, or a check, is recent enough. */
  readonly life: number
  readonly now: () => Date
}

/**
 * Looks people up again by their immutable ID, and takes state, groups and attributes of now. One look-up for all
 * requests of a person in `life`. Rejects with AccountRefused, or as `lookUp` does.
 */
export function directoryCheck({ directory, proof, life, now }: DirectoryCheckParts): AccountCheck {
  const failed = (error: unknown): number => (error instanceof AccountRefused ? refusalLife : 0)
  const persons = new RememberedAnswers<DirectoryPerson>(mostPersons, { given: life, failed }, now)

  async function lookUp(id: string): Promise<DirectoryPerson> {
    try {
      // Whether computers may sign in was decided when this one did.
      return await directory.lookUp({ by: 'id', id }, { proof, machines: proof !== 'password' })
    } catch (error) {
      throw error instanceof DirectoryRefusal ? new AccountRefused(error) : error
    }
  }

  return async (identity) => {
    if (isRecent(identity, life, now)) return identity
    const { id } = identity.person
    const { account, displayName, email, groups, attributes } = await persons.get(id, () =>
      lookUp(id),
    )
    return { ...identity, name: account, displayName, email, groups, attributes }
  }
}

/** For a directory that can't be asked without somebody's password: an old sign-in is no longer enough. */
export function freshSignInCheck(life: number, now: () => Date): AccountCheck {
  return (identity) =>
    isRecent(identity, life, now)
      ? Promise.resolve(identity)
      : Promise.reject(
          new SignInAgain(
            'Postern can’t ask your company’s directory about you without your password, and you typed it a while ago. Sign in again.',
          ),
        )
}

/** A sign-in from long after now is not recent: the clock was set back, and nobody knows when it was. */
function isRecent({ authenticatedAt }: Identity, life: number, now: () => Date): boolean {
  return Math.abs(now().getTime() - authenticatedAt) <= life
}
