import type { TLSSocket } from 'node:tls'
import { Client, type Filter, ResultCodeError } from 'ldapts'
import { DirectoryEntry } from './directory-entry.ts'
import { ControllerSilent, DirectoryUnavailable } from './directory-fault.ts'

/** How the directory said no to a bind. */
export interface BindRefusal {
  /** The LDAP result code (RFC 4511 §4.1.9). */
  readonly code: number
  /** The directory's own words: for the log. */
  readonly message: string
}

export interface DirectorySearch {
  readonly scope: 'base' | 'sub'
  readonly filter: Filter
  readonly attributes: readonly string[]
  /** Attributes that are bytes and not text. */
  readonly binary?: readonly string[]
  /** The most entries to give; more are cut off. */
  readonly sizeLimit?: number
}

export interface ConnectionLimits {
  /** Milliseconds until the answer to one request is complete. */
  readonly answer: number
  /** Milliseconds until the connection is cut, whatever it does. */
  readonly life: number
  /** Bytes that the controller may send. */
  readonly bytes: number
}

const noSuchObject = 32
const busy = new Set([51, 52])

/**
 * One connection to one controller, for one sign-in. Everything that gives no answer in time rejects with
 * ControllerSilent.
 */
export class DirectoryConnection {
  readonly #socket: TLSSocket
  readonly #client: Client
  readonly #life: NodeJS.Timeout
  #committed = false

  constructor(socket: TLSSocket, limits: ConnectionLimits) {
    this.#socket = socket
    let given = false
    this.#client = new Client({
      url: 'ldap://directory.invalid',
      timeout: limits.answer,
      // ldapts connects again by itself when the connection is gone: nobody would be bound then, nor TLS looked at.
      createConnection: () => {
        if (given) throw new Error('the connection is gone')
        given = true
        return socket
      },
    })
    let received = 0
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received > limits.bytes) socket.destroy(new Error('the directory sends too much'))
    })
    this.#life = setTimeout(() => {
      socket.destroy(new Error('the directory takes too long'))
    }, limits.life)
  }

  /** Whether somebody's password has been sent on it, so that no other controller may be asked with it. */
  get committed(): boolean {
    return this.#committed
  }

  /** From here on, somebody's own password is used. */
  commit(): void {
    this.#committed = true
  }

  /**
   * Simple bind. Gives how it was refused, undefined when it was not. Never without a password, which many directories
   * take for anonymous and answer with success (RFC 4513 §5.1.2), nor as anything that ldapts would take for SASL.
   */
  async bind(name: string, password: string): Promise<BindRefusal | undefined> {
    if (!/[=@\\]/.test(name) || password.trim() === '') throw new TypeError('no name or password')
    try {
      await this.#client.bind(name, password)
      return undefined
    } catch (error) {
      if (!(error instanceof ResultCodeError) || busy.has(error.code)) throw silent('bind', error)
      return { code: error.code, message: error.message }
    }
  }

  /**
   * The entries that match; none where the base doesn't exist. Referrals are not followed: they lead to hosts that
   * nobody vouched for. Rejects with DirectoryUnavailable when the directory refuses.
   */
  async search(base: string, search: DirectorySearch): Promise<DirectoryEntry[]> {
    const { scope, filter, attributes, binary = [], sizeLimit } = search
    try {
      const { searchEntries } = await this.#client.search(base, {
        scope,
        filter,
        attributes: [...attributes],
        explicitBufferAttributes: [...binary],
        ...(sizeLimit === undefined ? { paged: { pageSize: 100 } } : { sizeLimit }),
      })
      return searchEntries.map((entry) => new DirectoryEntry(entry))
    } catch (error) {
      if (!(error instanceof ResultCodeError) || busy.has(error.code)) throw silent('search', error)
      if (error.code === noSuchObject && scope === 'base') return []
      const detail = `a search below ${base} was refused with ${error.code}: ${error.message}`
      throw new DirectoryUnavailable(detail, error)
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#life)
    try {
      await this.#client.unbind()
    } catch {
      // It is gone already.
    }
    this.#socket.destroy()
  }
}

function silent(what: string, cause: unknown): ControllerSilent {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new ControllerSilent(`${what}: ${message}`, { cause })
}
