import type { AuditLine } from './audit-line.ts'

/** Reads the lines of the trail, whoever wrote them: fields may hold anything. Rejects with StateUnavailable. */
export interface AuditLineReader {
  /** Every chain that has a line. */
  instances(): Promise<readonly string[]>
  /** The lines of a chain in the order of their numbers, streamed. A number that is none reads as NaN. */
  lines(instance: string): AsyncIterable<AuditLine>
  /** The last line of a chain, and how many lines it has. */
  head(instance: string): Promise<{ readonly line: AuditLine; readonly count: number } | undefined>
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
