import { toolWithin } from '../../stores/run-tool.ts'
import type { Surroundings } from '../../surroundings.ts'
import type { SecretStoreId } from '../known-brokers.ts'
import { linuxKeyring } from './linux-keyring.ts'
import { macosKeychainSecrets } from './macos-keychain-secrets.ts'
import { ownFileSecrets } from './own-file-secrets.ts'
import type { SecretStore } from './secret-store.ts'
import { windowsDpapi } from './windows-dpapi.ts'

// A locked keyring asks at a window of its own; nobody may be there to see it.
const tool = toolWithin(20_000)

/** The store of that name. */
export function secretStore(id: SecretStoreId, surroundings: Surroundings): SecretStore {
  const files = ownFileSecrets(surroundings)
  switch (id) {
    case 'keyring':
      return linuxKeyring(tool)
    case 'keychain':
      return macosKeychainSecrets(tool)
    case 'dpapi':
      return windowsDpapi(files, tool)
    case 'file':
      return files
  }
}

/** Keeps a secret in the system's own store where that works and is wanted, else in a file; gives where it is now. */
export async function keepSecret(
  origin: string,
  secret: string,
  surroundings: Surroundings,
  { keyring = true } = {},
): Promise<SecretStore> {
  const id = keyring ? ownStore(surroundings) : undefined
  if (id !== undefined) {
    const store = secretStore(id, surroundings)
    try {
      await store.put(origin, secret)
      // A keyring may take a secret and have it no more.
      if ((await store.get(origin)) === secret) return store
    } catch {
      // The file serves as well.
    }
  }
  const files = secretStore('file', surroundings)
  await files.put(origin, secret)
  return files
}

function ownStore({ env, platform }: Surroundings): SecretStoreId | undefined {
  if (platform === 'darwin') return 'keychain'
  if (platform === 'win32') return 'dpapi'
  // Without a session bus there is no keyring, and looking for one could wait for long.
  return env['DBUS_SESSION_BUS_ADDRESS'] ? 'keyring' : undefined
}
