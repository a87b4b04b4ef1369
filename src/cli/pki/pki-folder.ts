import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { changeFile } from '../aws-files/change-file.ts'
import { NotOurs, ownFolder } from '../cache/own-files.ts'
import { CliFault } from '../cli-fault.ts'
import { makeFolder } from '../make-folder.ts'
import type { Surroundings } from '../surroundings.ts'
import type { Authority } from './certificates.ts'
import { writeNewFile } from './new-file.ts'

/** A certificate that was issued here. */
export interface IssuedEntry {
  readonly name: string
  /** Hexadecimal. */
  readonly serial: string
  readonly notAfter: string
  readonly revoked?: string
}

interface Index {
  readonly certificates: readonly IssuedEntry[]
  readonly lists: number
}

const empty: Index = { certificates: [], lists: 0 }

/** The folder of a small certificate authority: its keys, what it issued, and the list of it. */
export class PkiFolder {
  readonly path: string
  readonly #surroundings: Surroundings

  constructor(path: string, surroundings: Surroundings) {
    this.path = resolve(path)
    this.#surroundings = surroundings
  }

  /** Makes the folder for the user alone. CliFault when an authority is there already. */
  create(): void {
    if (existsSync(this.file('root.pem'))) {
      throw new CliFault(
        `${this.path} holds an authority already, and nothing is overwritten. Choose another --folder.`,
      )
    }
    const rest = ['root.key', 'intermediate.key', 'intermediate.pem']
    const left = rest.map((name) => this.file(name)).find((path) => existsSync(path))
    if (left !== undefined) {
      throw new CliFault(
        `${left} is left from a call that was broken off, and no authority uses it. Remove it, or choose another --folder.`,
      )
    }
    try {
      ownFolder(this.path, this.#surroundings)
      makeFolder(this.file('issued'))
    } catch (cause) {
      if (cause instanceof NotOurs)
        throw new CliFault(`${cause.message}. Choose another --folder.`, { cause })
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new CliFault(`${this.path} can't be made: ${why}. Choose another --folder.`, { cause })
    }
  }

  file(...names: readonly string[]): string {
    return join(this.path, ...names)
  }

  /** The root comes last: an authority is whole when its root.pem is there. */
  writeAuthority(name: 'root' | 'intermediate', { certificate, keys }: Authority): void {
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeNewFile(this.file(`${name}.key`), key, { secret: true })
    writeNewFile(this.file(`${name}.pem`), certificate.toString())
  }

  /** CliFault when there is no authority here. */
  checkPresent(): void {
    if (existsSync(this.file('root.pem'))) return
    throw new CliFault(
      `There is no authority in ${this.path}. Name its --folder, or make one: postern pki init`,
    )
  }

  /** The authority that issues, and the certificates that stand above what it issues, without the root. */
  issuer(): { authority: Authority; chain: readonly X509Certificate[] } {
    this.checkPresent()
    const below = existsSync(this.file('intermediate.key'))
    const authority = this.#read(below ? 'intermediate' : 'root')
    return { authority, chain: below ? [authority.certificate] : [] }
  }

  index(): Index {
    const path = this.file('index.json')
    if (!existsSync(path)) return empty
    try {
      return readIndex(readFileSync(path))
    } catch (cause) {
      if (cause instanceof CliFault) throw cause
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new CliFault(`${path} can't be read: ${why}.`, { cause })
    }
  }

  /** Changes the list of what was issued, alone among all processes. */
  async changeIndex(change: (index: Index) => Index): Promise<void> {
    await changeFile(this.file('index.json'), this.#surroundings, (before) => {
      const index = change(before.length === 0 ? empty : readIndex(before))
      return Buffer.from(`${JSON.stringify(index, undefined, 2)}\n`)
    })
  }

  #read(name: string): Authority {
    try {
      const privateKey = createPrivateKey(readFileSync(this.file(`${name}.key`)))
      const certificate = new X509Certificate(readFileSync(this.file(`${name}.pem`)))
      return { certificate, keys: { privateKey, publicKey: createPublicKey(privateKey) } }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new CliFault(
        `The authority's ${name}.pem or ${name}.key can't be read: ${why}. Put back what is missing, from a backup.`,
        { cause },
      )
    }
  }
}

function readIndex(bytes: Buffer): Index {
  let found: unknown
  try {
    found = JSON.parse(bytes.toString('utf8'))
  } catch {
    found = undefined
  }
  const certificates = property(found, 'certificates')
  const lists = property(found, 'lists')
  if (!Array.isArray(certificates) || !certificates.every(isEntry) || typeof lists !== 'number') {
    throw new CliFault(
      "index.json is not the authority's list. Put back the last good one, from a backup.",
    )
  }
  return { certificates, lists }
}

function isEntry(value: unknown): value is IssuedEntry {
  const texts = ['name', 'serial', 'notAfter'].every(
    (name) => typeof property(value, name) === 'string',
  )
  const revoked = property(value, 'revoked')
  return texts && (revoked === undefined || typeof revoked === 'string')
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
