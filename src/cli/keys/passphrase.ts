import { KeyFault } from '../../keys/key-fault.ts'
import type { KeySettings } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'

/** The passphrase of a key: given on the command line, or asked for at the terminal and then remembered. */
export class Passphrase {
  readonly #given: string | undefined
  readonly #surroundings: Surroundings
  readonly #flag: string
  #typed: string | undefined
  #used = false

  /** `flag` is the one that gives it. */
  constructor(
    { password }: Pick<KeySettings, 'password'>,
    surroundings: Surroundings,
    flag = '--pkcs8-password',
  ) {
    this.#given = password
    this.#flag = flag
    this.#surroundings = surroundings
  }

  /** KeyFault `passphrase_required` where there is nobody to ask. */
  async ask(): Promise<string> {
    this.#used = true
    if (this.#given !== undefined) return this.#given
    this.#typed ??= await this.#surroundings.askSecret('Password of the private key: ')
    if (this.#typed === undefined) {
      throw new KeyFault(
        'passphrase_required',
        `It is encrypted, and there is no terminal to ask at, or nothing was typed there. Give ${this.#flag}.`,
      )
    }
    return this.#typed
  }

  /**
   * Opens a key that may call `ask`, again and again while what is typed is wrong. A password given for a key that needs
   * none is a mistake somewhere, so that is a KeyFault too.
   */
  async opening<Key>(open: () => Promise<Key>): Promise<Key> {
    for (;;) {
      try {
        const key = await open()
        if (this.#given !== undefined && !this.#used) throw this.#needless()
        return key
      } catch (fault) {
        const wrong = fault instanceof KeyFault && fault.code === 'wrong_passphrase'
        if (!wrong || this.#typed === undefined) throw fault
      }
      this.#typed = undefined
      this.#surroundings.stderr('That is not the password.\n')
    }
  }

  #needless(): KeyFault {
    return new KeyFault(
      'wrong_passphrase',
      `A password was given, and the private key is not encrypted. Leave out ${this.#flag}.`,
    )
  }
}
