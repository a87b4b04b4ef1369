import { onTestFinished } from 'vitest'
import { issue, type Issued, keyCertSign } from '../../keys/test-certificates.ts'
import {
  type FakeDirectory,
  type FakeDirectoryOptions,
  openFakeDirectory,
} from './fake-directory.ts'

export const ca = issue({ commonName: 'Directory CA', authority: true, keyUsage: keyCertSign })
const serverCertificate = issue({ commonName: 'localhost', issuer: ca })

export type FakeLdapOptions = Omit<FakeDirectoryOptions, 'certificate'> & {
  readonly certificate?: Issued
}

/** A fake directory for as long as the test runs. */
export async function fakeLdapServer(options: FakeLdapOptions = {}): Promise<FakeDirectory> {
  const directory = await openFakeDirectory({ certificate: serverCertificate, ...options })
  onTestFinished(() => {
    directory.close()
  })
  return directory
}
