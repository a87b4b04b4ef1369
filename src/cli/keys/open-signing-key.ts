import type { Signer } from '../../keys/signer.ts'
import { type KeySettings, standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { signerReadQuickly } from './read-quickly.ts'
import type { SigningKey } from './signing-key.ts'

/** Finds out from the settings where the key is. */
export function openSigningKey(keys: KeySettings, surroundings: Surroundings): SigningKey {
  const { certificate, privateKey } = keys
  if (certificate === undefined && privateKey === undefined) {
    return openedOnce(async () => {
      const { openStoreSigner } = await import('../stores/open-store-signer.ts')
      return openStoreSigner(keys, surroundings)
    })
  }
  if ([certificate, privateKey].some((text) => text && /^pkcs11:/i.test(text))) {
    return openedOnce(async () => {
      const { openTokenSigner } = await import('./token-signer.ts')
      return openTokenSigner(keys, surroundings)
    })
  }
  if (privateKey?.startsWith('handle:')) return tpmKey(keys, surroundings)
  if (certificate === undefined || certificate === standardInput) {
    return openedOnce(async () => {
      const { openLooseSigner } = await import('./loose-signer.ts')
      return openLooseSigner(keys, surroundings)
    })
  }
  return fileKey(keys, certificate, surroundings)
}

/** The files are read once, quickly, for a first signature that comes at once; from then on they are watched. */
function fileKey(keys: KeySettings, certificate: string, surroundings: Surroundings): SigningKey {
  let watched: SigningKey | undefined
  let isFirst = true
  const watch = async (): Promise<SigningKey> => {
    const { FileSigner } = await import('./file-signer.ts')
    watched ??= new FileSigner(keys, certificate, surroundings, () => tpmKey(keys, surroundings))
    return watched
  }
  return {
    current: async () => {
      const quick = isFirst ? await signerReadQuickly(keys) : undefined
      isFirst = false
      return quick ?? (await watch()).current()
    },
    close: async () => {
      await watched?.close()
    },
  }
}

function tpmKey(keys: KeySettings, surroundings: Surroundings): SigningKey {
  return openedOnce(async () => {
    const { openTpmKey } = await import('./open-tpm-key.ts')
    return openTpmKey(keys, surroundings)
  })
}

function openedOnce(open: () => Promise<Signer>): SigningKey {
  let signer: Promise<Signer> | undefined
  return {
    current: () => {
      signer ??= open().catch((error: unknown) => {
        signer = undefined
        throw error
      })
      return signer
    },
    close: async () => {
      await signer?.then((one) => one.close()).catch(() => undefined)
    },
  }
}
