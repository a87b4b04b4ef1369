import { z } from 'zod'
import { choice, text } from './scalars.ts'

export const accountId = z.string().regex(/^\d{12}$/, 'an account ID of 12 digits')

export const accounts = z
  .record(
    accountId,
    z.strictObject({
      name: text({ max: 128 }).describe('What people call the account.'),
      tone: choice(['neutral', 'calm', 'caution', 'danger'])
        .default('neutral')
        .describe('How loudly its pages warn: neutral, calm, caution or danger.'),
    }),
  )
  .meta({
    description:
      'Accounts by ID, in the order in which they are shown. Nothing outside them is ever issued.',
    examples: [
      {
        '111111111111': { name: 'Production', tone: 'danger' },
        '222222222222': { name: 'Development', tone: 'calm' },
      },
    ],
  })
