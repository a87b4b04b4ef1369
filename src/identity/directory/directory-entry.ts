import type { Entry } from 'ldapts'

/** One entry of a directory. Attribute names compare without case (RFC 4512 §2.5). */
export class DirectoryEntry {
  readonly dn: string
  readonly #values = new Map<string, readonly (string | Buffer)[]>()

  constructor({ dn, ...attributes }: Entry) {
    this.dn = dn
    for (const [name, values] of Object.entries(attributes)) {
      this.#values.set(name.toLowerCase(), Array.isArray(values) ? values : [values])
    }
  }

  /** Every value that is UTF-8. */
  texts(name: string): string[] {
    return this.#all(name).filter((value) => typeof value === 'string')
  }

  /** The value of an attribute that has exactly one. */
  text(name: string): string | undefined {
    const [value, ...more] = this.#all(name)
    return more.length === 0 && typeof value === 'string' && value !== '' ? value : undefined
  }

  /** Every value as bytes. */
  bytes(name: string): Buffer[] {
    return this.#all(name).map((value) => (typeof value === 'string' ? Buffer.from(value) : value))
  }

  #all(name: string): readonly (string | Buffer)[] {
    return this.#values.get(name.toLowerCase()) ?? []
  }
}
