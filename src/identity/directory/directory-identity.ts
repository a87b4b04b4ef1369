import type { Identity } from '../identity.ts'
import type { DirectoryPerson } from './read-person.ts'

/** Somebody of a directory as a sign-in method saw them: who they are comes from the entry, never from what was typed. */
export function directoryIdentity(
  person: DirectoryPerson,
  method: { readonly id: string; readonly label: string; readonly people: string },
  at: Date,
): Identity {
  return {
    person: { people: method.people, id: person.id },
    name: person.account,
    displayName: person.displayName,
    email: person.email,
    method: method.id,
    methodLabel: method.label,
    groups: person.groups,
    attributes: person.attributes,
    authenticatedAt: at.getTime(),
    breakGlass: false,
  }
}
