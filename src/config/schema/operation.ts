import { z } from 'zod'
import { authorities } from './certificate.ts'
import { duration } from './duration.ts'
import { choice, flag, integer, secret, text } from './scalars.ts'
import { url } from './url.ts'

const day = 86_400

export const banner = text({ max: 256 })
  .optional()
  .meta({
    description: 'A line on top of every page, such as a notice of maintenance.',
    examples: ['Maintenance on Sunday from 06:00 to 07:00 UTC'],
  })

export const organisation = text({ max: 128 })
  .optional()
  .meta({ description: 'Name of the organisation, in the footer.', examples: ['Example Corp'] })

export const help = z
  .strictObject({
    label: text({ max: 64 }).describe('Text of the link.'),
    href: z
      .union(
        [
          url('an https or mailto address'),
          text({ max: 254, pattern: /^mailto:[^\s@]+@[^\s@]+$/ }),
        ],
        {
          error: 'an https or mailto address',
        },
      )
      .describe('An https or mailto address.'),
  })
  .optional()
  .meta({
    description: 'Where people turn for help; a link in the footer.',
    examples: [{ label: 'AWS access', href: 'https://wiki.corp.example/aws' }],
  })

export const sessions = z
  .strictObject({
    idle: duration(60, day).default(1800).describe('Ends a browser session that nobody uses.'),
    absolute: duration(300, 30 * day)
      .default(28_800)
      .describe('Ends every browser session.'),
    cli: z
      .strictObject({
        token: duration(60, 3600)
          .default(900)
          .describe('How long a token opens the API; the command line renews it by itself.'),
        absolute: duration(300, 30 * day)
          .default(43_200)
          .describe('Ends every sign-in of the command line.'),
      })
      .prefault({})
      .describe('Sign-ins of the command line.'),
  })
  .refine(({ idle, absolute }) => idle <= absolute, {
    path: ['idle'],
    error: 'no more than absolute',
  })
  .prefault({})
  .describe('How long sign-ins last.')

const attemptRule = (tries: number) =>
  z.strictObject({
    tries: integer(1, 10_000).default(tries).describe('Tries that are taken within the window.'),
    window: duration(1, day).default(900).describe('How long a try counts.'),
    block: duration(1, day)
      .default(30)
      .describe('First wait; it doubles with each block in a row.'),
    maxBlock: duration(1, day).default(3600).describe('The longest wait.'),
  })

export const limits = z
  .strictObject({
    signIn: z
      .strictObject({
        perUser: attemptRule(5).prefault({}).describe('Failed tries for one name.'),
        perAddress: attemptRule(20)
          .prefault({})
          .describe('Failed tries from one address; IPv6 is counted per /64.'),
      })
      .prefault({})
      .describe('Tries to sign in.'),
  })
  .prefault({})
  .describe('Limits against guessing.')

export const network = z
  .strictObject({
    ca: authorities()
      .optional()
      .meta({
        description: 'Authorities in PEM that are trusted beside the usual ones.',
        examples: ['${file:corp-ca.pem}'],
      }),
    proxy: choice(['environment', 'none'])
      .default('environment')
      .describe('Whether HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured.'),
  })
  .prefault({})
  .describe('The way out.')

export const audit = z
  .strictObject({
    key: secret({ min: 32, expected: 'a key of at least 32 characters' }).meta({
      description: "Key of the trail's chain; openssl rand -hex 32 makes one.",
      examples: ['${file:audit.key}'],
    }),
    instance: text({ max: 64, pattern: /^[\w.:-]+$/, expected: 'letters, digits and _ . : -' })
      .default('postern')
      .describe('Name of this instance and of its chain; each instance needs its own.'),
    stdout: flag()
      .default(false)
      .describe('Whether each event is also written to standard output as a JSON line.'),
  })
  .describe('The audit trail.')

export const state = text({ max: 1024 })
  .refine((value) => !/^postgres(?:ql)?:/.test(value), {
    error: 'sqlite:path; this version keeps its state in SQLite only',
    abort: true,
  })
  .refine(
    (value) => /^sqlite:(?!:memory:)./.test(value),
    'sqlite:path, such as sqlite:./data/postern.db; the trail must outlast the process',
  )
  .default('sqlite:./data/postern.db')
  .describe('Where browser sessions, claims and the trail live.')

export const log = z
  .strictObject({
    level: choice(['debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('The least level that is written: debug, info, warn or error.'),
  })
  .prefault({})
  .describe('The log, on standard output.')
