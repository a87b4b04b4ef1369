import type { PathFault } from '../issue-faults.ts'
import type { Entry, MethodFields, Readable } from '../readable.ts'
import { repeats, unknownName } from './fault-texts.ts'
import { proxyFaults } from './certificate-proxy-checks.ts'
import { peopleOf } from './sign-in-checks.ts'

/** Sign-in by client certificate whose parts don't fit together, or don't fit what is around them. */
export function certificateFaults(parts: Readable): readonly PathFault[] {
  const methods = parts.signIn.filter(({ value }) => value.type === 'client-certificate')
  return [
    ...methods.flatMap((method) => [
      ...directoryFaults(method, parts),
      ...proxyFaults(method, parts),
      ...repeats(
        (method.value.authorities ?? []).map(({ name }, index) => ({
          path: [...method.path, 'authorities', index, 'name'],
          key: name,
        })),
      ),
    ]),
    ...repeats(
      methods.map(({ path, value: { listen } }) => ({
        path: [...path, 'listen', 'port'],
        key: listen && `${listen.host}:${listen.port}`,
      })),
    ),
    ...repeats(
      methods.map(({ path, value: { listen } }) => ({
        path: [...path, 'listen', 'url'],
        key: listen?.url.origin,
      })),
    ),
    ...originFaults(methods, parts),
  ]
}

/** Whoever is looked up becomes somebody of that directory, so both must be one population. */
function directoryFaults(
  { path, value }: Entry<MethodFields>,
  { signIn }: Readable,
): readonly PathFault[] {
  const { directory } = value
  if (directory === undefined) {
    if (value.machines !== true) return []
    const expected =
      'nothing, because there is no directory; a certificate alone makes no difference'
    return [{ path: [...path, 'machines'], found: 'true', expected }]
  }
  const at = [...path, 'directory']
  const known = signIn.filter(
    ({ value: { type } }) => type === 'active-directory' || type === 'ldap',
  )
  const ids = known.flatMap(({ value: { id } }) => id ?? [])
  const found = known.find(({ value: { id } }) => id === directory)
  if (!found) return [unknownName(at, directory, 'signIn as a directory', ids)]
  if (found.value.bind?.as === 'user')
    return [
      {
        path: at,
        found: `${directory}, which has no service account`,
        expected: 'a directory with bind as service-account, because it looks people up',
      },
    ]
  if (peopleOf(found.value) === peopleOf(value)) return []
  return [
    {
      path: at,
      found: `${directory}, whose people are ${peopleOf(found.value) ?? ''}`,
      expected: `a directory of the same people as this method, ${peopleOf(value) ?? ''}`,
    },
  ]
}

/** Cookies don't tell ports apart; addresses must. */
function originFaults(
  methods: readonly Entry<MethodFields>[],
  { publicUrl }: Readable,
): readonly PathFault[] {
  return methods.flatMap(({ path, value: { listen } }) =>
    listen && listen.url.origin === publicUrl?.origin
      ? [
          {
            path: [...path, 'listen', 'url'],
            found: JSON.stringify(listen.url.origin),
            expected: 'another address than publicUrl, at least another port',
          },
        ]
      : [],
  )
}
