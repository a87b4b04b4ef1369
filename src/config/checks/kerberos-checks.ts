import { isIP } from 'node:net'
import type { PathFault } from '../issue-faults.ts'
import type { Entry, MethodFields, Readable } from '../readable.ts'
import { unknownName } from './fault-texts.ts'
import { peopleOf } from './sign-in-checks.ts'

/** Sign-in by Kerberos that lacks a directory to look people up in, and more of it than one keytab serves. */
export function kerberosFaults({ signIn, publicUrl }: Readable): readonly PathFault[] {
  const methods = signIn.filter(({ value: { type } }) => type === 'kerberos')
  return [
    ...methods.flatMap((method) => directoryFaults(method, signIn)),
    ...methods.flatMap((method) => serviceFaults(method, publicUrl)),
    ...methods.slice(1).map(({ path }) => ({
      path: [...path, 'type'],
      found: 'kerberos a second time',
      expected:
        'one method of this type: a process has one keytab, and nobody could tell whose a ticket is',
    })),
  ]
}

/** Whoever is looked up becomes somebody of that directory, so both must be one population. */
function directoryFaults(
  { path, value }: Entry<MethodFields>,
  signIn: Readable['signIn'],
): readonly PathFault[] {
  const { directory } = value
  if (directory === undefined) return []
  const at = [...path, 'directory']
  const windows = signIn.filter(({ value: { type } }) => type === 'active-directory')
  const found = windows.find(({ value: { id } }) => id === directory)
  if (!found) {
    const ids = windows.flatMap(({ value: { id } }) => id ?? [])
    return [unknownName(at, directory, 'signIn with the type active-directory', ids)]
  }
  if (found.value.bind?.as === 'user')
    return [
      {
        path: at,
        found: `${directory}, which has no service account`,
        expected: 'a directory with bind as service-account, because a ticket brings no password',
      },
    ]
  const [own, theirs] = [peopleOf(value), peopleOf(found.value)]
  if (own === theirs) return []
  return [
    {
      path: [...path, 'people'],
      found: own ?? 'nothing',
      expected: `${theirs ?? 'the people'}, as ${directory} has it, because its people come by this way too`,
    },
  ]
}

function serviceFaults(
  { path, value }: Entry<MethodFields>,
  publicUrl: URL | undefined,
): readonly PathFault[] {
  const host = publicUrl?.hostname.replace(/^\[|\]$/g, '') ?? ''
  if (value.service !== undefined || isIP(host) === 0) return []
  const expected = `HTTP/ and a host name, because nobody gets a ticket for the address ${host}`
  return [{ path: [...path, 'service'], found: 'nothing', expected }]
}
