import type { Effects } from '../effects.ts'
import { validityAt } from './certificate.ts'
import { type KeyFiles, keyFilesVersion, readKeyFiles } from './key-files.ts'
import { signerFrom } from './key-material.ts'
import { KeyFault, type KeyFaultCode } from './key-fault.ts'
import type { AskSecret, Signer } from './signer.ts'

export interface WatchedKeyOptions {
  readonly effects: Pick<Effects, 'now' | 'sleep'>
  /** Called for an encrypted key each time that it is read. */
  readonly ask?: AskSecret | undefined
  /** Told why new files could not be used, while the signer from the old ones goes on. */
  readonly onFault?: ((fault: unknown) => void) | undefined
}

const tries = 5
const pauseMilliseconds = 50

/** What files look like while somebody writes them; it may pass. A wrong passphrase does not. */
const passing: ReadonlySet<KeyFaultCode> = new Set<KeyFaultCode>([
  'file_unreadable',
  'bad_pem',
  'no_certificate',
  'bad_certificate',
  'bad_chain',
  'no_private_key',
  'bad_private_key',
  'key_mismatch',
  'bad_pkcs12',
])

/** A certificate and key in files that somebody renews: read again when they change, and only ever used as a pair. */
export class WatchedKey {
  readonly #files: KeyFiles
  readonly #options: WatchedKeyOptions
  #held: { signer: Signer; version: string } | undefined
  #reading: Promise<Signer> | undefined
  #refused: string | undefined

  constructor(files: KeyFiles, options: WatchedKeyOptions) {
    this.#files = files
    this.#options = options
  }

  /**
   * The signer of the files as they are now. When they can't be used (half-written, or a certificate whose key has not
   * come yet), the former signer for as long as its certificate is valid; KeyFault otherwise.
   */
  async current(): Promise<Signer> {
    const version = await keyFilesVersion(this.#files)
    if (this.#held?.version === version) return this.#held.signer
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async close(): Promise<void> {
    await this.#held?.signer.close()
    this.#held = undefined
  }

  async #read(): Promise<Signer> {
    // Known to be unusable and not touched since: no need to wait for it again.
    const patience = this.#refused === (await keyFilesVersion(this.#files)) ? 1 : tries
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#readPair()
      } catch (fault) {
        const mayPass = fault instanceof KeyFault && passing.has(fault.code)
        if (!mayPass || attempt >= patience) return await this.#former(fault)
      }
      await this.#options.effects.sleep(pauseMilliseconds)
    }
  }

  async #readPair(): Promise<Signer> {
    const material = await readKeyFiles(this.#files)
    const signer = await signerFrom(material, this.#options.ask)
    const version = await keyFilesVersion(this.#files)
    if (version !== material.version) {
      throw new KeyFault('file_unreadable', 'The key files change faster than they can be read.')
    }
    this.#held = { signer, version }
    this.#refused = undefined
    return signer
  }

  async #former(fault: unknown): Promise<Signer> {
    this.#refused = await keyFilesVersion(this.#files)
    const former = this.#held?.signer
    const certificate = former?.certificate
    if (
      !former ||
      !certificate ||
      validityAt(certificate, this.#options.effects.now()) !== 'valid'
    ) {
      throw fault
    }
    this.#options.onFault?.(fault)
    return former
  }
}
