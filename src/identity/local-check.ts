import { SignInAgain } from '../errors.ts'
import type { AccountCheck } from './account-check.ts'
import type { LocalUser } from './local-form.ts'

/**
 * Looks for people among the users of the configuration again, and takes groups and attributes of now. Whoever was taken
 * out gets SignInAgain, however long their browser session or their sign-in of the command line would last.
 */
export function localCheck({
  people,
  users,
}: {
  readonly people: string
  readonly users: readonly Omit<LocalUser, 'passwordHash'>[]
}): AccountCheck {
  const known = new Map(users.map((user) => [user.name, user]))
  return ({ person, ...identity }) => {
    const user = person.people === people ? known.get(person.id) : undefined
    if (!user) {
      return Promise.reject(
        new SignInAgain('Your local account was removed. Ask your administrator.', {
          detail: `${person.people}/${person.id} is not in the configuration any more`,
        }),
      )
    }
    const { displayName, email, groups, attributes, breakGlass } = user
    return Promise.resolve({
      ...identity,
      person,
      displayName,
      email,
      groups,
      attributes,
      breakGlass,
    })
  }
}
