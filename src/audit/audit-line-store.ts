/** One line of the trail as it is kept. `previous` and `mac` are lowercase hex; the first line's `previous` is 64 zeros. */
export interface AuditLine {
  /** The chain that the line belongs to. */
  readonly instance: string
  /** Counts from 1 without gaps within its chain. */
  readonly seq: number
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string
  /** Canonical JSON of the event. */
  readonly event: string
  readonly previous: string
  readonly mac: string
}

/** The last line of a chain, and how many lines it has. */
export interface AuditHead {
  readonly line: AuditLine
  readonly count: number
}

/** Reads the lines of the trail, whoever wrote them: fields may hold anything. Rejects with StateUnavailable. */
export interface AuditLineReader {
  /** Every chain that has a line. */
  instances(): Promise<readonly string[]>
  /** The lines of a chain in the order of their numbers, streamed. A number that is none reads as NaN. */
  lines(instance: string): AsyncIterable<AuditLine>
  head(instance: string): Promise<AuditHead | undefined>
}

/** Where the trail is kept. Every method rejects with StateUnavailable when the database can't serve. */
export interface AuditLineStore extends AuditLineReader {
  /**
   * Appends the line that `next` makes of the chain's last one, both in one transaction, so that two writers of one
   * chain can't follow the same line. Resolves when the line is durable.
   */
  append(instance: string, next: (last: AuditLine | undefined) => AuditLine): Promise<AuditLine>
  /** Resolves when a line as large as any could be written now. */
  check(): Promise<void>
}
