/** One flag of a command: what parser, help, man page and shell completion are made from. */
export interface Flag {
  readonly name: string
  readonly kind: 'text' | 'switch' | 'integer'
  /** What it is without being set; default empty, off or 0. */
  readonly fallback?: string | number
  /** The word that stands for the value in help texts. */
  readonly value?: string
  readonly what: string
  /** The only values there are. */
  readonly choices?: readonly string[]
  /** What a shell offers as the value. */
  readonly offers?: 'files' | 'folders' | 'profiles' | 'roles'
  /** May be given several times; all the values count. */
  readonly many?: boolean
}

/** Two flags that can't be given together. */
export type Exclusion = readonly [string, string]

/** A mistake on the command line. The usage is shown with it. */
export class UsageFault extends Error {}
