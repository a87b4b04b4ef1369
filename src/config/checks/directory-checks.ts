import { readControllerAddress } from '../../identity/directory/controller-address.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Entry, MethodFields, Readable } from '../readable.ts'

/** Servers of directories to which no password may go, or whose certificate couldn't be checked. */
export function directoryFaults({ signIn }: Readable): readonly PathFault[] {
  return signIn
    .filter(({ value: { type } }) => type === 'active-directory' || type === 'ldap')
    .flatMap(addressFaults)
}

function addressFaults({ path, value }: Entry<MethodFields>): readonly PathFault[] {
  return (value.urls ?? []).flatMap((url, index) => {
    try {
      readControllerAddress(url, value.startTls ?? false)
      return []
    } catch {
      const expected =
        value.startTls === true
          ? 'ldap://host, by name and with no more than a port, because startTls is set'
          : 'ldaps://host, by name and with no more than a port; ldap:// needs startTls: true'
      return [{ path: [...path, 'urls', index], found: withoutUser(url), expected }]
    }
  })
}

/** People write passwords into addresses. */
function withoutUser(url: string): string {
  return JSON.stringify(url.replace(/\/\/[^/]*@/g, '//***@'))
}
