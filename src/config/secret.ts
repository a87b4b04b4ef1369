import { inspect } from 'node:util'

/** A secret from the configuration. Printed, logged, serialised or joined to text, it says only that it is one. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself: for the one call that needs it, and for nothing that keeps or prints it. */
  reveal(): string {
    return this.#value
  }

  /** The value in UTF-8, for what takes a key. */
  bytes(): Uint8Array {
    return new TextEncoder().encode(this.#value)
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [inspect.custom](): string {
    return redacted
  }
}

const redacted = '[secret]'
