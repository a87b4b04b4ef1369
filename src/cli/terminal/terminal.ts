/** A terminal behind one of the standard streams. */
export interface Terminal {
  /** How many characters stand in a line. */
  readonly columns: number
  /** Whether it understands the sequences that colour text and erase a line (ECMA-48); TERM=dumb does not. */
  readonly isCapable: boolean
}

export type OutputStream = 'stdout' | 'stderr'
