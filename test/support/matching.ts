import { expect } from 'vitest'

/** For `toMatchObject`: a text like this. A bare RegExp there equals any other value. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}
