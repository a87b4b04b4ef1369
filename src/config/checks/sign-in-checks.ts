import type { PathFault } from '../issue-faults.ts'
import type { MethodFields, Readable } from '../readable.ts'
import { repeats } from './fault-texts.ts'

/** Population of a method: its own ID unless named. */
export function peopleOf(method: MethodFields): string | undefined {
  return method.people ?? method.id
}

/** IDs that stand twice or are Postern's own, and persons with two passwords. */
export function signInFaults({ signIn }: Readable): readonly PathFault[] {
  return [
    ...repeats(signIn.map(({ path, value }) => ({ path: [...path, 'id'], key: value.id }))),
    ...signIn
      .filter(({ value }) => value.id === 'aws')
      .map(({ path }) => ({
        path: [...path, 'id'],
        found: '"aws"',
        // The addresses of Postern's own SAML provider stand under it.
        expected: 'another ID, because Postern keeps that one for itself',
      })),
    // By lower case, because nobody can tell bob from Bob.
    ...repeats(
      signIn.flatMap(({ path, value }) =>
        (value.users ?? []).map(({ name }, index) => ({
          path: [...path, 'users', index, 'name'],
          key: `${peopleOf(value) ?? ''}/${name.toLowerCase()}`,
          shown: name,
        })),
      ),
    ),
  ]
}
