import { isGenuine, beginning } from './audit-line.ts'
import type { AuditLine, AuditLineReader } from './audit-line-store.ts'

/** A head that was noted elsewhere: the last line at that time. */
export interface NotedHead {
  readonly seq: number
  readonly mac: string
}

interface ChainFault {
  /** The line that is wrong, or the first of several. NaN for a line without a number. */
  readonly seq: number
  readonly what: string
}

export interface ChainReport {
  readonly instance: string
  readonly count: number
  readonly head: NotedHead | undefined
  /** The first hundred, in order. */
  readonly faults: readonly ChainFault[]
  readonly faultCount: number
}

const mostFaults = 100

/**
 * Reads a chain from its first line to its last and names every line that was changed, removed, moved or inserted.
 * Cutting off the tail shows only against a head that was noted elsewhere. Rejects with StateUnavailable.
 */
export async function verifyChain(
  reader: Pick<AuditLineReader, 'lines'>,
  key: Uint8Array,
  instance: string,
  noted?: NotedHead,
): Promise<ChainReport> {
  const chain = new ChainCheck(key, instance, noted)
  for await (const line of reader.lines(instance)) chain.next(line)
  return chain.end()
}

class ChainCheck {
  readonly #key: Uint8Array
  readonly #instance: string
  readonly #noted: NotedHead | undefined
  readonly #faults: ChainFault[] = []
  #faultCount = 0
  #count = 0
  #last: NotedHead | undefined
  /** What the next line has to follow; undefined after a fault, where its own MAC has to do. */
  #follows: string | undefined = beginning

  constructor(key: Uint8Array, instance: string, noted: NotedHead | undefined) {
    this.#key = key
    this.#instance = instance
    this.#noted = noted
  }

  next(line: AuditLine): void {
    this.#count++
    const { seq, mac } = line
    const expected = (this.#last?.seq ?? 0) + 1
    if (!Number.isSafeInteger(seq)) {
      this.#fault(seq, 'has no number: it was inserted or changed')
      return
    }
    if (seq < expected) {
      this.#fault(seq, 'is there more than once, or out of order: it was inserted')
      return
    }
    if (seq > expected) this.#missing(expected, seq - 1)
    if (line.instance !== this.#instance || !isGenuine(this.#key, line)) {
      this.#fault(seq, 'was changed, moved or inserted: its MAC is not its own')
    } else {
      if (this.#follows !== undefined && line.previous !== this.#follows) {
        this.#fault(seq, 'does not follow the line before it: one of the two was put there')
      }
      this.#follows = mac
    }
    this.#last = { seq, mac }
    if (this.#noted?.seq === seq && this.#noted.mac !== mac) {
      this.#fault(
        seq,
        `is not the line of the head that was noted, ${this.#noted.seq}:${this.#noted.mac}`,
      )
    }
  }

  end(): ChainReport {
    const end = this.#last?.seq ?? 0
    if (this.#noted && this.#noted.seq > end) {
      this.#missing(end + 1, this.#noted.seq, ': the end was cut off, for the noted head is gone')
    }
    return {
      instance: this.#instance,
      count: this.#count,
      head: this.#last,
      faults: this.#faults,
      faultCount: this.#faultCount,
    }
  }

  #missing(first: number, last: number, why = ''): void {
    this.#fault(first, (first === last ? 'is missing' : `to line ${last} are missing`) + why)
  }

  #fault(seq: number, what: string): void {
    this.#faultCount++
    this.#follows = undefined
    if (this.#faults.length < mostFaults) this.#faults.push({ seq, what })
  }
}
