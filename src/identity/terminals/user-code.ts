import type { Effects } from '../../effects.ts'

/** No vowel, so that no word comes of it, and no letter that looks like another (RFC 8628 §6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const length = 8
const shape = new RegExp(`^[${letters}]{${length}}$`)
/** The largest multiple of the number of letters that a byte holds: what lies above would favour some of them. */
const fair = 256 - (256 % letters.length)

/** A code for people to type, `WDJB-MJHT`: one of 20⁸, good for ten minutes and a bounded number of guesses. */
export function newUserCode(randomBytes: Effects['randomBytes']): string {
  let code = ''
  while (code.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < fair && code.length < length) code += letters.charAt(byte % letters.length)
    }
  }
  return withDash(code)
}

/** The code as it was made, whatever case, dashes and spaces it was typed with; undefined for what can be none. */
export function readUserCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined
  const bare = typed.replace(/[\s\p{Pd}]/gu, '').toUpperCase()
  return shape.test(bare) ? withDash(bare) : undefined
}

function withDash(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
