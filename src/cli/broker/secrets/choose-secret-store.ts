import type { Surroundings } from '../../surroundings.ts'
import type { SecretStoreId } from '../known-brokers.ts'
import { ownFileSecrets } from './own-file-secrets.ts'
import type { SecretStore } from './secret-store.ts'

/** The store of that name. Those of the system are loaded by need: where tokens are in files, no program is to be run. */
export async function secretStore(
  id: SecretStoreId,
  surroundings: Surroundings,
): Promise<SecretStore> {
  const files = ownFileSecrets(surroundings)
  if (id === 'file') return files
  const { systemSecrets } = await import('./system-secrets.ts')
  return systemSecrets(id, files)
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
    const store = await secretStore(id, surroundings)
    try {
      await store.put(origin, secret)
      // A keyring may take a secret and have it no more.
      if ((await store.get(origin)) === secret) return store
    } catch {
      // The file serves as well.
    }
  }
  const files = ownFileSecrets(surroundings)
  await files.put(origin, secret)
  return files
}

function ownStore({ env, platform }: Surroundings): SecretStoreId | undefined {
  if (platform === 'darwin') return 'keychain'
  if (platform === 'win32') return 'dpapi'
  // Without a session bus there is no keyring, and looking for one could wait for long.
  return env['DBUS_SESSION_BUS_ADDRESS'] ? 'keyring' : undefined
}
