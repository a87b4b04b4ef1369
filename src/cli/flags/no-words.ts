import { UsageFault } from './flag.ts'
import type { Flags } from './parse-flags.ts'

/** UsageFault where words are left over, which would be taken for understood. `meant` is what to write instead. */
export function noWords(words: Flags['words'], meant: (word: string) => string = () => ''): void {
  const [word] = words
  if (word !== undefined) throw new UsageFault(`unexpected word "${word}"${meant(word)}`)
}
