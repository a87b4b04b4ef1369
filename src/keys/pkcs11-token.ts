import { type Attribute, type Cryptoki, type Handle, tokenFault, ulong } from './cryptoki.ts'
import { KeyFault } from './key-fault.ts'
import type { Pkcs11TextAttribute, Pkcs11Uri } from './pkcs11-uri.ts'

const osLockingOk = 2
const serialSession = 4
const user = 1
const loginRequired = 0x4
const initialized = 0x400
const protectedAuthenticationPath = 0x100
const mostObjects = 256

/** A slot with a token in it, and what PKCS#11 URIs call its properties. */
export interface Token {
  readonly slot: Handle
  readonly slotId: bigint
  readonly names: Readonly<Partial<Record<Pkcs11TextAttribute, string>>>
  readonly needsLogin: boolean
  /** The PIN is typed on the reader's own keys. */
  readonly hasPinPad: boolean
}

/** The tokens that a URI allows, without looking at the objects on them. KeyFault when the module can't say. */
export function tokensOf(cryptoki: Cryptoki, uri: Pkcs11Uri): readonly Token[] {
  try {
    const library = cryptoki.C_GetInfo()
    const { major, minor } = library.libraryVersion
    const module = {
      'library-description': trimmed(library.libraryDescription),
      'library-manufacturer': trimmed(library.manufacturerID),
      'library-version': `${major}.${minor}`,
    }
    const tokens = cryptoki.C_GetSlotList(true).map((slot) => tokenIn(cryptoki, slot, module))
    return tokens.filter((token) => token !== undefined).filter((token) => allows(uri, token))
  } catch (cause) {
    throw tokenFault(cause, 'listing its slots')
  }
}

/** What to say when `tokensOf` finds none. */
export function noTokenMatches(): KeyFault {
  return new KeyFault(
    'no_match',
    'No token matches the PKCS#11 URI. Is it plugged in, and is this its module?',
  )
}

// A token that does not answer, or has not been set up, is none.
function tokenIn(cryptoki: Cryptoki, slot: Handle, module: Token['names']): Token | undefined {
  try {
    const place = cryptoki.C_GetSlotInfo(slot)
    const token = cryptoki.C_GetTokenInfo(slot)
    if ((token.flags & initialized) === 0) return undefined
    return {
      slot,
      slotId: ulong(slot),
      names: {
        token: trimmed(token.label),
        manufacturer: trimmed(token.manufacturerID),
        model: trimmed(token.model),
        serial: trimmed(token.serialNumber),
        'slot-description': trimmed(place.slotDescription),
        'slot-manufacturer': trimmed(place.manufacturerID),
        ...module,
      },
      needsLogin: (token.flags & loginRequired) !== 0,
      hasPinPad: (token.flags & protectedAuthenticationPath) !== 0,
    }
  } catch {
    return undefined
  }
}

function allows({ text, slotId }: Pkcs11Uri, token: Token): boolean {
  if (slotId !== undefined && slotId !== token.slotId) return false
  const asked: Partial<Record<string, string>> = text
  return Object.entries(token.names).every(
    ([name, value]) => asked[name] === undefined || asked[name] === value,
  )
}

// Fixed-width fields are padded with blanks (PKCS#11 v2.40 §3.2), and by some modules with zeros.
function trimmed(padded: string): string {
  return padded.replace(/[\0 ]+$/, '')
}

/** An open session with one token. */
export class TokenSession {
  readonly token: Token
  readonly #cryptoki: Cryptoki
  #handle: Handle

  constructor(cryptoki: Cryptoki, token: Token) {
    this.token = token
    this.#cryptoki = cryptoki
    try {
      this.#handle = cryptoki.C_OpenSession(token.slot, serialSession)
    } catch (cause) {
      throw tokenFault(cause, 'opening a session')
    }
  }

  /** Logs in for the whole process; once is enough. KeyFault `wrong_pin`. */
  login(pin: string | undefined): void {
    try {
      this.#cryptoki.C_Login(this.#handle, user, pin)
    } catch (cause) {
      const already = cause instanceof Error && cause.message.includes('CKR_USER_ALREADY_LOGGED_IN')
      if (!already) throw tokenFault(cause, 'logging in')
    }
  }

  find(template: readonly Attribute[]): readonly Handle[] {
    try {
      this.#cryptoki.C_FindObjectsInit(this.#handle, template)
      try {
        return this.#cryptoki.C_FindObjects(this.#handle, mostObjects)
      } finally {
        this.#cryptoki.C_FindObjectsFinal(this.#handle)
      }
    } catch (cause) {
      throw tokenFault(cause, 'looking for objects')
    }
  }

  /** Undefined where the object has no such attribute or keeps it to itself. */
  attribute(object: Handle, type: number): Buffer | undefined {
    try {
      return this.#cryptoki.C_GetAttributeValue(this.#handle, object, [{ type }])[0]?.value
    } catch {
      return undefined
    }
  }

  /** `authenticate` runs between the start of the signature and its end, for keys that ask for a PIN each time. */
  async sign(
    key: Handle,
    mechanism: number,
    data: Buffer,
    authenticate?: (login: (pin: string | undefined) => void) => Promise<void>,
  ): Promise<Buffer> {
    const contextSpecific = 2
    try {
      this.#cryptoki.C_SignInit(this.#handle, { mechanism }, key)
      await authenticate?.((pin) => {
        this.#cryptoki.C_Login(this.#handle, contextSpecific, pin)
      })
      return Buffer.from(await this.#cryptoki.C_SignAsync(this.#handle, data, Buffer.alloc(2048)))
    } catch (cause) {
      this.#renew()
      throw tokenFault(cause, 'signing')
    }
  }

  // A signature that broke off stays open in its session and bars the next. The new session comes first, because the
  // token forgets the login with the last one.
  #renew(): void {
    const broken = this.#handle
    try {
      this.#handle = this.#cryptoki.C_OpenSession(this.token.slot, serialSession)
      this.#cryptoki.C_CloseSession(broken)
    } catch {
      // The token is gone; the next use says so.
    }
  }

  close(): void {
    try {
      this.#cryptoki.C_CloseSession(this.#handle)
    } catch {
      // The token has been pulled out; there is nothing left to close.
    }
  }
}

/** What C_Initialize is told: signing happens on other threads. */
export const initializeOptions = { flags: osLockingOk }
