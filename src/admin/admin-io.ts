/** What a subcommand of postern-server may touch of its process. */
export interface AdminIo {
  /** Writes one line; the line end is added. */
  readonly stdout: (line: string) => void
  readonly stderr: (line: string) => void
  /** A terminal or a pipe; only commands that read something need it. */
  readonly stdin?: AdminInput
}

/** Standard input: bytes, and the terminal's raw mode where it is one. */
export interface AdminInput extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  readonly setRawMode?: (mode: boolean) => unknown
}
