import { createHash } from 'node:crypto'
import { SignInFailed } from '../errors.ts'
import type { Identity } from './identity.ts'
import type { PasswordHasher } from './password-verifier.ts'

/** A user who stands in the configuration. */
export interface LocalUser {
  readonly name: string
  /** argon2id in PHC form, as `postern-server hash-password` prints it. */
  readonly passwordHash: string
  readonly displayName: string | undefined
  readonly email: string | undefined
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** For the day when nothing else works: each use raises an alarm. */
  readonly breakGlass: boolean
}

/** A sign-in method in which a name and a password are typed into a page of ours. */
export interface FormSignIn {
  readonly id: string
  readonly label: string
  readonly people: string
  /** Whether somebody has that name: for the trail, never for an answer. */
  knows(name: string): boolean
  /** Rejects with SignInFailed, the same for an unknown name as for a wrong password, or with TooManyRequests. */
  verify(typed: { readonly name: string; readonly password: string }): Promise<Identity>
}

export interface LocalFormParts {
  readonly id: string
  readonly label: string
  readonly people: string
  readonly users: readonly LocalUser[]
  readonly hasher: PasswordHasher
  readonly now: () => Date
}

/** Sign-in with the users of the configuration. */
export function createLocalForm(parts: LocalFormParts): FormSignIn {
  const { id, label, people, hasher } = parts
  const users = new Map(parts.users.map((user) => [user.name, user]))
  const decoys = new Map<string | undefined, Promise<string>>()

  /**
   * An unknown name costs one hash with a known user's parameters, and always the same user's, so that neither time nor
   * repetition tells whether the name exists.
   */
  function decoyFor(name: string): Promise<string> {
    const digest = createHash('sha256').update(name).digest()
    const model = parts.users[digest.readUInt32BE() % parts.users.length]?.passwordHash
    const key = model?.slice(0, model.lastIndexOf('$', model.lastIndexOf('$') - 1))
    const known = decoys.get(key)
    if (known) return known
    const decoy = hasher.decoy(model)
    decoys.set(key, decoy)
    decoy.catch(() => decoys.delete(key))
    return decoy
  }

  return {
    id,
    label,
    people,
    knows: (name) => users.has(name),
    async verify({ name, password }) {
      const user = users.get(name)
      const decoy = await decoyFor(name)
      const matches = await hasher.verify(user?.passwordHash ?? decoy, password)
      if (!user || !matches) {
        const detail = user ? 'wrong password' : 'unknown user'
        throw new SignInFailed('That name and password don’t match.', { detail })
      }
      return {
        person: { people, id: user.name },
        name: user.name,
        displayName: user.displayName,
        email: user.email,
        method: id,
        methodLabel: label,
        groups: user.groups,
        attributes: user.attributes,
        authenticatedAt: parts.now().getTime(),
        breakGlass: user.breakGlass,
      }
    },
  }
}
