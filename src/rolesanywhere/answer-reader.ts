import type { IncomingHttpHeaders } from 'node:http'

/** An answer in full. Cookies are left out. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

type Stage = 'head' | 'body' | 'chunk-size' | 'chunk' | 'trailers' | 'done'

const largestHead = 64 * 1024
const largestLine = 4 * 1024
const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/
const field = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/
const chunkSize = /^([0-9A-Fa-f]{1,8})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/

/**
 * Reads one answer of HTTP/1.1 from the bytes of a connection (RFC 9112 §§2 to 7), and no more of the protocol than that.
 * An answer that leaves its own length in doubt is refused, one that ends with the connection too: it may have been cut.
 */
export class AnswerReader {
  readonly #largest: number
  #stage: Stage = 'head'
  #pending: Buffer = Buffer.alloc(0)
  #status = 0
  #headers: IncomingHttpHeaders = {}
  readonly #body: Buffer[] = []
  #length = 0
  /** Bytes that the body, or the chunk at hand, still has. */
  #left = 0

  /** `largest` is the most bytes that the body may have. */
  constructor(largest: number) {
    this.#largest = largest
  }

  /** Takes the next bytes; gives the answer once it is whole. Throws what is wrong with it. */
  take(bytes: Buffer): HttpAnswer | undefined {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    while (this.#stage !== 'done' && this.#step());
    if (this.#stage !== 'done') return undefined
    const body = Buffer.concat(this.#body).toString('utf8')
    return { status: this.#status, headers: this.#headers, body }
  }

  /** Goes one step on; false where that takes more bytes. */
  #step(): boolean {
    if (this.#stage === 'head') return this.#readHead()
    if (this.#stage === 'body' || this.#stage === 'chunk') return this.#readBytes()
    const line = this.#upTo('\r\n', largestLine)
    if (line === undefined) return false
    if (this.#stage === 'chunk-size') this.#startChunk(line)
    else if (line === '') this.#stage = 'done'
    return true
  }

  #readHead(): boolean {
    const head = this.#upTo('\r\n\r\n', largestHead)
    if (head === undefined) return false
    const [first = '', ...lines] = head.split('\r\n')
    const status = Number(statusLine.exec(first)?.[1])
    if (Number.isNaN(status)) throw new Error('the answer is not HTTP/1.1')
    // Interim answers (RFC 9110 §15.2) come before the one that counts.
    if (status < 200) return true
    this.#status = status
    this.#headers = headersOf(lines)
    this.#stage = this.#startBody()
    return true
  }

  #startBody(): Stage {
    const { 'transfer-encoding': encoding, 'content-length': length } = this.#headers
    if (this.#status === 204 || this.#status === 304) return 'done'
    if (encoding !== undefined) {
      if (length !== undefined || encoding.toLowerCase() !== 'chunked') {
        throw new Error('the answer leaves its length in doubt')
      }
      return 'chunk-size'
    }
    if (length === undefined || !/^\d{1,15}$/.test(length)) {
      throw new Error('the answer does not say its length')
    }
    this.#expect(Number(length))
    return this.#left === 0 ? 'done' : 'body'
  }

  #startChunk(line: string): void {
    const size = chunkSize.exec(line)?.[1]
    if (size === undefined) throw new Error('a chunk of the answer has no size')
    this.#expect(Number.parseInt(size, 16))
    this.#stage = this.#left === 0 ? 'trailers' : 'chunk'
  }

  #expect(length: number): void {
    this.#length += length
    this.#left = length
    if (this.#length > this.#largest) {
      throw new RangeError(`the body is larger than ${this.#largest} bytes`)
    }
  }

  #readBytes(): boolean {
    if (this.#left > 0) {
      const part = this.#pending.subarray(0, this.#left)
      this.#body.push(part)
      this.#left -= part.length
      this.#pending = this.#pending.subarray(part.length)
    }
    if (this.#left > 0) return false
    if (this.#stage === 'body') {
      this.#stage = 'done'
      return true
    }
    if (this.#pending.length < 2) return false
    if (this.#upTo('\r\n', 2) !== '') throw new Error('a chunk of the answer has another size')
    this.#stage = 'chunk-size'
    return true
  }

  /** The text up to an ending, which is taken too; undefined while it has not come. */
  #upTo(ending: string, largest: number): string | undefined {
    const end = this.#pending.indexOf(ending)
    if (end > largest || (end < 0 && this.#pending.length > largest)) {
      throw new RangeError('a part of the answer is too long')
    }
    if (end < 0) return undefined
    const text = this.#pending.toString('latin1', 0, end)
    this.#pending = this.#pending.subarray(end + ending.length)
    return text
  }
}

function headersOf(lines: readonly string[]): IncomingHttpHeaders {
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name = '', value = ''] = field.exec(line) ?? []
    // Folded lines (RFC 9112 §5.2) are among these.
    if (name === '') throw new Error('a header of the answer is malformed')
    const key = name.toLowerCase()
    if (key === 'set-cookie') continue
    const former = headers.get(key)
    headers.set(key, former === undefined ? value : `${former}, ${value}`)
  }
  return Object.fromEntries(headers)
}
