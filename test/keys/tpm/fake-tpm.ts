import { createHash, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sized, TpmReader, uint } from '../../../src/keys/tpm/tpm-bytes.ts'

const success = 0
const badPassword = 0x98e
const noSuchHandle = 0x18b
const room = 3

/** A TPM 2.0 on a UNIX socket, with one key, as far as signing with it goes. */
export class FakeTpm {
  readonly path: string
  /** What is loaded and was not flushed. */
  readonly loaded = new Set<number>()
  /** The messages whose digests it is asked to sign. */
  readonly messages: readonly Buffer[]
  readonly password: string
  readonly parentPassword: string
  /** Codes to answer with before anything else. */
  refusals: number[] = []
  /** An answer of these very bytes instead of a true one. */
  garbage: Buffer | undefined
  readonly #key: KeyObject
  readonly #persistent: ReadonlySet<number>
  readonly #server = createServer((socket) => {
    this.#talk(socket)
  })
  readonly #folder = mkdtempSync(join(tmpdir(), 'postern-fake-tpm-'))
  #next = 0x80000000

  constructor(
    key: KeyObject,
    {
      messages = [],
      password = '',
      parentPassword = '',
      persistent = [],
    }: {
      messages?: readonly Buffer[]
      password?: string
      parentPassword?: string
      persistent?: readonly number[]
    } = {},
  ) {
    this.#key = key
    this.messages = messages
    this.password = password
    this.parentPassword = parentPassword
    this.#persistent = new Set(persistent)
    this.path = join(this.#folder, 'tpm.sock')
  }

  async listen(): Promise<this> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#server.listen(this.path, () => {
      resolve(undefined)
    })
    await promise
    return this
  }

  [Symbol.dispose](): void {
    this.#server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #talk(socket: Socket): void {
    socket.on('error', () => undefined)
    socket.on('data', (command) => {
      if (this.garbage) {
        socket.end(this.garbage)
        return
      }
      const [code, body] = this.#answer(command)
      const answer = Buffer.concat([
        uint(0x8001, 2),
        uint(body.length + 10, 4),
        uint(code, 4),
        body,
      ])
      // In two pieces, as a stream may bring it.
      socket.write(answer.subarray(0, 7))
      setImmediate(() => socket.write(answer.subarray(7)))
    })
  }

  #answer(command: Buffer): [number, Buffer] {
    const refusal = this.refusals.shift()
    const nothing = Buffer.alloc(0)
    if (refusal !== undefined) return [refusal, nothing]
    const reader = new TpmReader(command)
    reader.take(6)
    const code = reader.uint(4)
    const handle = reader.uint(4)
    if (code === 0x165) return [this.loaded.delete(handle) ? success : noSuchHandle, nothing]
    const known = this.loaded.has(handle) || this.#persistent.has(handle)
    if (code === 0x173) return known ? [success, sized(this.#public())] : [noSuchHandle, nothing]
    const session = new TpmReader(reader.take(reader.uint(4)))
    session.uint(4)
    session.sized()
    session.uint(1)
    const password = session.sized().toString()
    if (code === 0x131 || code === 0x157) {
      // A primary that was just made has none of its own.
      const expected = code === 0x157 && this.loaded.has(handle) ? '' : this.parentPassword
      return password === expected ? [success, this.#newHandle()] : [badPassword, nothing]
    }
    if (!known) return [noSuchHandle, nothing]
    return password === this.password ? [success, this.#sign(reader)] : [badPassword, nothing]
  }

  #newHandle(): Buffer {
    this.#next += 1
    this.loaded.add(this.#next)
    if (this.loaded.size > room) throw new Error('the TPM is full')
    return uint(this.#next, 4)
  }

  #sign(reader: TpmReader): Buffer {
    const digest = reader.sized()
    const [scheme, hash] = [reader.uint(2), reader.uint(2)]
    const name = hash === 0x0b ? 'sha256' : hash === 0x0c ? 'sha384' : 'sha512'
    const message = this.messages.find((one) =>
      createHash(name).update(one).digest().equals(digest),
    )
    if (!message) throw new Error('an unknown message is to be signed')
    const signature = sign(name, message, { key: this.#key, dsaEncoding: 'ieee-p1363' })
    const half = signature.length / 2
    // An RSA signature is as long as its key; r and s are numbers, which some write without leading zeros.
    const parts =
      scheme === 0x14
        ? [signature]
        : [signature.subarray(0, half), signature.subarray(half)].map(unpadded)
    const body = Buffer.concat([uint(scheme, 2), uint(hash, 2), ...parts.map(sized)])
    return Buffer.concat([uint(body.length, 4), body])
  }

  #public(): Buffer {
    const { kty, n = '', x = '', y = '' } = this.#key.export({ format: 'jwk' })
    const isRsa = kty === 'RSA'
    const parts = isRsa ? [n] : [x, y]
    return Buffer.concat([
      uint(isRsa ? 0x01 : 0x23, 2),
      uint(0x0b, 2),
      uint(0x40072, 4),
      sized(Buffer.alloc(0)),
      uint(0x10, 2),
      uint(0x10, 2),
      isRsa
        ? Buffer.concat([uint(2048, 2), uint(0, 4)])
        : Buffer.concat([uint(3, 2), uint(0x10, 2)]),
      ...parts.map((part) => sized(Buffer.from(part, 'base64url'))),
    ])
  }
}

function unpadded(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  return bytes.subarray(Math.max(0, first))
}
