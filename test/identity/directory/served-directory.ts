import type { Directory } from '../../../src/identity/directory/directory.ts'
import { DirectoryRefusal } from '../../../src/identity/directory/directory-fault.ts'
import type { ActiveDirectorySettings } from '../../../src/identity/directory/directory-settings.ts'
import { directoryOf, windowsSettings } from './directory-of.ts'
import { windowsDomain, windowsPerson } from './fake-entries.ts'
import type { FakeDirectory } from './fake-directory.ts'
import { fakeLdapServer, type FakeLdapOptions } from './fake-ldap-server.ts'

export const alice = windowsPerson('alice')

/** Active Directory with alice in it, and sign-in by it. */
export async function served(
  options: FakeLdapOptions = {},
  settings: Partial<ActiveDirectorySettings> = {},
  held: Parameters<typeof directoryOf>[1] = {},
): Promise<{ server: FakeDirectory; directory: Directory }> {
  const server = await fakeLdapServer({ entries: [alice, ...windowsDomain()], ...options })
  const directory = directoryOf({ ...windowsSettings, urls: [server.url], ...settings }, held)
  return { server, directory }
}

/** The refusal that something ends with. */
export async function refusalOf(work: Promise<unknown>): Promise<DirectoryRefusal> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DirectoryRefusal)) throw new Error(`no refusal: ${String(error)}`)
  return error
}
