import { z } from 'zod'
import { text } from './scalars.ts'

const idRule = {
  pattern: /^[a-z0-9][a-z0-9-]{0,31}$/,
  expected: '1 to 32 lower-case letters, digits and hyphens',
}

/** ID of a sign-in method, of a population, of an issuer. It stands in addresses and names. */
export const identifier = text(idRule)

/** The same as a key, where no reference can stand. */
export const identifierKey = z.string().regex(idRule.pattern, idRule.expected)
