import { identifier } from './identifier.ts'
import { text } from './scalars.ts'

/** What every sign-in method has. */
export const common = {
  id: identifier.describe('Name of the method in addresses and in the trail.'),
  label: text({ max: 64 }).optional().describe('What the sign-in page calls it.'),
  people: identifier
    .optional()
    .describe('Population that its persons belong to; the method itself unless named.'),
}
