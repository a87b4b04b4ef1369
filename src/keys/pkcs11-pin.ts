import { open } from 'node:fs/promises'
import { KeyFault } from './key-fault.ts'
import type { Token, TokenSession } from './pkcs11-token.ts'
import type { Pkcs11Uri } from './pkcs11-uri.ts'

/** What a PIN is asked for: to log in, or for one signature of a key that wants it each time. */
export interface PinRequest {
  readonly purpose: 'login' | 'signature'
  /** The token's label, to show beside the question. */
  readonly token: string
}

export type AskPin = (request: PinRequest) => string | Promise<string>

/** Where PINs come from, and the one that has been used to log in. */
export class Pins {
  readonly #uris: readonly Pkcs11Uri[]
  readonly #ask: AskPin | undefined
  readonly #reuse: boolean
  #user: string | undefined

  constructor(uris: readonly Pkcs11Uri[], ask: AskPin | undefined, reuse: boolean) {
    this.#uris = uris
    this.#ask = ask
    this.#reuse = reuse
  }

  /** Whether logging in needs nobody to answer. */
  async isKnown(token: Token): Promise<boolean> {
    return token.hasPinPad || (await this.#written()) !== undefined
  }

  /** Logs in where the token wants it. KeyFault `pin_required` or `wrong_pin`. */
  async login(session: TokenSession): Promise<void> {
    const { token } = session
    if (!token.needsLogin) return
    if (token.hasPinPad) {
      session.login(undefined)
      return
    }
    this.#user = this.#user ?? (await this.#written()) ?? (await this.#asked(token, 'login'))
    session.login(this.#user)
  }

  /** The PIN for one signature; undefined where the reader takes it. */
  async forSignature(token: Token): Promise<string | undefined> {
    if (token.hasPinPad) return undefined
    return this.#reuse && this.#user !== undefined ? this.#user : this.#asked(token, 'signature')
  }

  async #written(): Promise<string | undefined> {
    for (const { query } of this.#uris) {
      if (query['pin-value'] !== undefined) return query['pin-value']
      if (query['pin-source'] !== undefined) return pinFrom(query['pin-source'])
    }
    return undefined
  }

  async #asked({ names }: Token, purpose: PinRequest['purpose']): Promise<string> {
    if (!this.#ask) {
      throw new KeyFault(
        'pin_required',
        'The token asks for its PIN. Give it as pin-value in the PKCS#11 URI.',
      )
    }
    return this.#ask({ purpose, token: names.token ?? '' })
  }
}

const longestPin = 256

/** A PIN in a file, as a `file:` URI or a path (RFC 7512 §2.4). A command (`|...`) is never run. */
async function pinFrom(source: string): Promise<string> {
  const path = source.replace(/^file:(\/\/(?=\/))?/, '')
  if (source.startsWith('|') || path === '') {
    throw new KeyFault('bad_uri', 'A "pin-source" can only be a file here.')
  }
  try {
    await using file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestPin + 1))
    if (bytesRead > longestPin) throw new Error('too long for a PIN')
    return buffer.toString('utf8', 0, bytesRead).replace(/\r?\n$/, '')
  } catch (cause) {
    throw new KeyFault('file_unreadable', 'The file with the PIN ("pin-source") can\'t be read.', {
      detail: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    })
  }
}
