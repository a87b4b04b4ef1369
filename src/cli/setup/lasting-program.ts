import type { Surroundings } from '../surroundings.ts'

/**
 * The words that start this program again, for a file that outlives this call. Warns where they lead into the cache of
 * npx, which npm may clean at any time.
 */
export function lastingProgram({ program, stderr }: Surroundings): readonly string[] {
  const words = program()
  const passing = words.find((word) => word.split(/[\\/]/).includes('_npx'))
  if (passing !== undefined) {
    stderr(
      `Warning: what is written names ${passing}, in the cache of npx. It stops working when that is cleaned; ` +
        'install Postern (npm install -g), then run this again.\n',
    )
  }
  return words
}
