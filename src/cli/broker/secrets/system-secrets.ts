import { toolWithin } from '../../stores/run-tool.ts'
import type { SecretStoreId } from '../known-brokers.ts'
import { linuxKeyring } from './linux-keyring.ts'
import { macosKeychainSecrets } from './macos-keychain-secrets.ts'
import type { SecretStore } from './secret-store.ts'
import { windowsDpapi } from './windows-dpapi.ts'

// A locked keyring asks at a window of its own; nobody may be there to see it.
const tool = toolWithin(20_000)

/** The store of that name, which a program of the system opens. `files` keep what Windows has encrypted. */
export function systemSecrets(id: Exclude<SecretStoreId, 'file'>, files: SecretStore): SecretStore {
  switch (id) {
    case 'keyring':
      return linuxKeyring(tool)
    case 'keychain':
      return macosKeychainSecrets(tool)
    case 'dpapi':
      return windowsDpapi(files, tool)
  }
}
