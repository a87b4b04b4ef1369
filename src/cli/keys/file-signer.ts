import { KeyFault } from '../../keys/key-fault.ts'
import type { Signer } from '../../keys/signer.ts'
import { WatchedKey } from '../../keys/watched-key.ts'
import type { KeySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { Passphrase } from './passphrase.ts'
import type { SigningKey } from './signing-key.ts'

/** A key in files, or in a TPM that a file points to. */
export class FileSigner implements SigningKey {
  readonly #passphrase: Passphrase
  readonly #watched: WatchedKey
  readonly #openTpm: () => SigningKey
  #tpm: SigningKey | undefined

  constructor(
    keys: KeySettings,
    certificate: string,
    surroundings: Surroundings,
    openTpm: () => SigningKey,
  ) {
    this.#openTpm = openTpm
    this.#passphrase = new Passphrase(keys, surroundings)
    const { privateKey, intermediates } = keys
    this.#watched = new WatchedKey(
      { certificate, privateKey, intermediates },
      {
        effects: surroundings.effects,
        ask: () => this.#passphrase.ask(),
        onFault: (fault) => {
          const why = fault instanceof Error ? fault.message : 'unknown reason'
          surroundings.stderr(`The new key files can't be used, so the former go on: ${why}\n`)
        },
      },
    )
  }

  async current(): Promise<Signer> {
    if (this.#tpm) return this.#tpm.current()
    try {
      return await this.#passphrase.opening(() => this.#watched.current())
    } catch (fault) {
      if (!(fault instanceof KeyFault) || fault.code !== 'tpm_key') throw fault
      this.#tpm = this.#openTpm()
      return this.#tpm.current()
    }
  }

  async close(): Promise<void> {
    await this.#watched.close()
    await this.#tpm?.close()
  }
}
