import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import type { Attribute, Cryptoki, Handle } from '../../src/keys/cryptoki.ts'

/** An object of the fake token, as its attributes. */
export interface FakeObject {
  readonly attributes: Readonly<Record<number, Buffer | number | boolean | string>>
  readonly key?: KeyObject
  readonly onlyLoggedIn?: boolean
}

export interface FakeToken {
  readonly label: string
  readonly pin: string
  readonly flags?: number
  readonly objects: readonly FakeObject[]
}

const failure = (name: string, value: number): Error => new Error(`${name}:${value}`)
const handle = (value: number): Handle => {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value)
  return bytes
}
const number = (bytes: Handle): number => bytes.readUInt32LE()

/** A module with tokens of its own, as strict as SoftHSM about sessions, logins and operations. */
export function fakeModule(tokens: readonly FakeToken[]) {
  const seen = { initialized: 0, finalized: 0, logins: [] as string[], sessions: 0, signatures: 0 }
  class FakeCryptoki implements Cryptoki {
    #loggedIn = new Set<number>()
    #sessions = new Map<
      number,
      {
        slot: number
        signing?: { object: FakeObject; mechanism: number; may: boolean }
        found?: number[]
      }
    >()
    #next = 1

    load(path: string): void {
      if (path.includes('missing')) throw new Error(`${path}: cannot open shared object file`)
    }
    close(): void {
      this.#sessions.clear()
    }
    C_Initialize(): void {
      seen.initialized += 1
    }
    C_Finalize(): void {
      seen.finalized += 1
    }
    C_GetInfo() {
      return {
        manufacturerID: 'Fake  ',
        libraryDescription: 'Fake',
        libraryVersion: { major: 2, minor: 1 },
      }
    }
    C_GetSlotList(): Handle[] {
      return tokens.map((_, index) => handle(index))
    }
    C_GetSlotInfo() {
      return { manufacturerID: 'Slots', slotDescription: 'Slot' }
    }
    C_GetTokenInfo(slot: Handle) {
      const token = tokens[number(slot)]
      const label = (token?.label ?? '').padEnd(32)
      return {
        label,
        manufacturerID: 'Fake',
        model: 'F1\0\0',
        serialNumber: '7',
        flags: token?.flags ?? 0x404,
      }
    }
    C_OpenSession(slot: Handle): Handle {
      seen.sessions += 1
      this.#sessions.set(this.#next, { slot: number(slot) })
      return handle(this.#next++)
    }
    C_CloseSession(session: Handle): void {
      const { slot } = this.#session(session)
      this.#sessions.delete(number(session))
      seen.sessions -= 1
      if (![...this.#sessions.values()].some((other) => other.slot === slot))
        this.#loggedIn.delete(slot)
    }
    C_Login(session: Handle, userType: number, pin?: string): void {
      const { slot, signing } = this.#session(session)
      seen.logins.push(`${userType === 1 ? 'user' : 'context'}:${pin ?? 'pad'}`)
      if (userType === 1 && this.#loggedIn.has(slot))
        throw failure('CKR_USER_ALREADY_LOGGED_IN', 0x100)
      if (pin !== undefined && pin !== tokens[slot]?.pin) throw failure('CKR_PIN_INCORRECT', 0xa0)
      if (userType === 1) this.#loggedIn.add(slot)
      else if (signing) signing.may = true
      else throw failure('CKR_OPERATION_NOT_INITIALIZED', 0x91)
    }
    C_FindObjectsInit(session: Handle, template: readonly Attribute[]): void {
      const state = this.#session(session)
      const same = (a: unknown, b: unknown): boolean => encoded(a).equals(encoded(b))
      state.found = (tokens[state.slot]?.objects ?? []).flatMap((object, index) => {
        if (object.onlyLoggedIn && !this.#loggedIn.has(state.slot)) return []
        return template.every(({ type, value }) => same(object.attributes[type], value))
          ? [index]
          : []
      })
    }
    C_FindObjects(session: Handle): Handle[] {
      return (this.#session(session).found ?? []).map(handle)
    }
    C_FindObjectsFinal(session: Handle): void {
      delete this.#session(session).found
    }
    C_GetAttributeValue(session: Handle, object: Handle, template: readonly Attribute[]) {
      const { attributes } = this.#object(session, object)
      return template.map(({ type }) => {
        if (attributes[type] === undefined) throw failure('CKR_ATTRIBUTE_TYPE_INVALID', 0x12)
        return { type, value: encoded(attributes[type]) }
      })
    }
    C_SignInit(session: Handle, { mechanism }: { mechanism: number }, key: Handle): void {
      const state = this.#session(session)
      if (state.signing) throw failure('CKR_OPERATION_ACTIVE', 0x90)
      if (!this.#loggedIn.has(state.slot)) throw failure('CKR_USER_NOT_LOGGED_IN', 0x101)
      const object = this.#object(session, key)
      state.signing = { object, mechanism, may: object.attributes[0x202] !== true }
    }
    C_SignAsync(session: Handle, data: Buffer): Promise<Buffer> {
      const state = this.#session(session)
      const { signing } = state
      if (!signing?.object.key)
        return Promise.reject(failure('CKR_OPERATION_NOT_INITIALIZED', 0x91))
      delete state.signing
      if (!signing.may) return Promise.reject(failure('CKR_USER_NOT_LOGGED_IN', 0x101))
      seen.signatures += 1
      return Promise.resolve(signed(signing.object.key, signing.mechanism, data))
    }
    #session(session: Handle) {
      const state = this.#sessions.get(number(session))
      if (!state) throw failure('CKR_SESSION_HANDLE_INVALID', 0xb3)
      return state
    }
    #object(session: Handle, object: Handle): FakeObject {
      const found = tokens[this.#session(session).slot]?.objects[number(object)]
      if (!found) throw failure('CKR_OBJECT_HANDLE_INVALID', 0x82)
      return found
    }
  }
  return { seen, importModule: () => Promise.resolve({ default: { PKCS11: FakeCryptoki } }) }
}

function encoded(value: unknown): Buffer {
  if (value instanceof Buffer) return value
  if (typeof value === 'number') return handle(value)
  if (typeof value === 'boolean') return Buffer.from([Number(value)])
  return Buffer.from(String(value))
}

function signed(key: KeyObject, mechanism: number, data: Buffer): Buffer {
  const digests: Partial<Record<number, string>> = {
    0x40: 'sha256',
    0x41: 'sha384',
    0x42: 'sha512',
  }
  const digest = digests[mechanism]
  if (digest) return sign(digest, data, key)
  return rawEcdsa(key, data)
}

// Node signs what it hashes, so a digest that is given can't be signed; the fake remembers what it came from instead.
function rawEcdsa(key: KeyObject, digest: Buffer): Buffer {
  const message = messages.find((known) =>
    hashes.some((hash) => createHash(hash).update(known).digest().equals(digest)),
  )
  const hash = hashes.find(
    (name) => message && createHash(name).update(message).digest().equals(digest),
  )
  if (!message || !hash) throw new Error('the fake does not know this message')
  return sign(hash, message, { key, dsaEncoding: 'ieee-p1363' })
}
const hashes = ['sha256', 'sha384', 'sha512']

// The messages that the keys of the fake can sign.
const messages = [Buffer.from('message'), Buffer.from('Postern looks for the key of a certificate')]

/** A certificate with its key as objects of a token. */
export function pairObjects(
  issued: { certificate: { raw: Buffer }; keyPem: string },
  names: { label: string; keyLabel?: string; id: number; always?: boolean; hidden?: boolean },
): FakeObject[] {
  const key = createPrivateKey(issued.keyPem)
  const rsa = key.asymmetricKeyType === 'rsa'
  const { n = '' } = rsa ? key.export({ format: 'jwk' }) : {}
  const id = Buffer.from([names.id])
  return [
    {
      attributes: { 0: 1, 0x80: 0, 0x3: names.label, 0x102: id, 0x11: issued.certificate.raw },
      ...(names.hidden && { onlyLoggedIn: true }),
    },
    {
      attributes: {
        0: 3,
        0x100: rsa ? 0 : 3,
        0x3: names.keyLabel ?? names.label,
        0x102: id,
        0x202: names.always ?? false,
        ...(rsa && { 0x120: Buffer.from(n, 'base64url') }),
      },
      key,
      onlyLoggedIn: true,
    },
  ]
}
