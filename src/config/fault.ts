/** One thing wrong in the configuration. No secret stands in it. */
export interface ConfigFault {
  /** `roles[0].duration.credentials.max`; empty for the file as a whole. */
  readonly path: string
  readonly line: number | undefined
  readonly found: string
  readonly expected: string
}

/** The configuration can't be used; `faults` are all that is wrong with it, in the order of the file. */
export class ConfigFaults extends Error {
  readonly file: string
  readonly faults: readonly ConfigFault[]

  constructor(file: string, faults: readonly ConfigFault[]) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
    super(`${file}: ${count}\n${faults.map((fault) => `  ${describeFault(fault)}`).join('\n')}`)
    this.name = 'ConfigFaults'
    this.file = file
    this.faults = faults
  }
}

/** One fault in one line: `roles[0].arn (line 12): found "x"; expected a role ARN`. */
export function describeFault({ path, line, found, expected }: ConfigFault): string {
  const where = line === undefined ? path : `${path || 'file'} (line ${line})`
  return `${where === '' ? '' : `${where}: `}found ${found}; expected ${expected}`
}
