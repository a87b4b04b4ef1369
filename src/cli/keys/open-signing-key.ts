import type { Signer } from '../../keys/signer.ts'
import { type KeySettings, standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { FileSigner } from './file-signer.ts'
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
  return new FileSigner(keys, certificate, surroundings, () => tpmKey(keys, surroundings))
}

function tpmKey(keys: KeySettings, surroundings: Surroundings): SigningKey {
  return openedOnce(async () => {
    const { openTpmSigner } = await import('../tpm/open-tpm-signer.ts')
    return openTpmSigner(keys, surroundings)
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
