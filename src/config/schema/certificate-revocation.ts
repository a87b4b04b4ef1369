import { z } from 'zod'
import { certificatePath, certificatePaths } from './certificate-identity.ts'
import { duration } from './duration.ts'
import { choice, flag, text } from './scalars.ts'
import { url } from './url.ts'

const list = z
  .strictObject({
    file: certificatePath.optional().meta({
      description: 'Path of a list (PEM or DER); read again when it changes.',
      examples: ['corp-ca.crl'],
    }),
    url: url('an https address')
      .optional()
      .meta({
        description: 'Address of a list; https, or http on loopback.',
        examples: ['https://pki.corp.example/corp-ca.crl'],
      }),
    refresh: duration(10, 86_400).default(3600).describe('How often the list is read again.'),
    alarm: duration(0, 2_592_000)
      .default(86_400)
      .describe('How long before a list goes stale the alarm is raised.'),
  })
  .refine((value) => (value.file === undefined) !== (value.url === undefined), {
    error: 'either file or url',
  })

const responder = z.strictObject({
  url: text({ max: 2048 })
    .refine(isWebAddress, 'an http or https address')
    .meta({
      description: 'Address of an OCSP responder; http will do, because answers are signed.',
      examples: ['http://ocsp.corp.example'],
    }),
  authorities: certificatePaths.optional().meta({
    description: 'Files of the authorities that it answers for; all of them unless set.',
    examples: [['corp-ca.pem']],
  }),
  timeout: duration(1, 30).default(3).describe('How long an answer may take.'),
  nonce: choice(['required', 'optional'])
    .default('required')
    .describe(
      'Whether an answer must repeat our nonce; optional for responders that prepare answers.',
    ),
})

export const certificateRevocation = z
  .strictObject({
    lists: z.array(list).max(64).default([]).describe('Revocation lists (CRL).'),
    responders: z
      .array(responder)
      .max(16)
      .default([])
      .describe('OCSP responders, asked where no list revokes the certificate.'),
    failPolicy: choice(['hard', 'soft'])
      .default('hard')
      .describe(
        'Where nobody can tell: hard refuses, soft lets in with a warning. What is revoked is refused by both.',
      ),
    unchecked: flag()
      .default(false)
      .describe(
        'true where nothing is ever revoked; then neither lists nor responders stand here.',
      ),
  })
  .superRefine(({ lists, responders, unchecked }, context) => {
    const some = lists.length + responders.length > 0
    if (unchecked && some)
      context.addIssue({
        code: 'custom',
        path: ['unchecked'],
        message: 'nothing, because there are lists or responders',
      })
    if (!unchecked && !some)
      context.addIssue({
        code: 'custom',
        message: 'at least one list or responder, or unchecked: true',
      })
  })

function isWebAddress(value: string): boolean {
  const parsed = URL.parse(value)
  const web = parsed?.protocol === 'http:' || parsed?.protocol === 'https:'
  return web && parsed.username === '' && parsed.password === ''
}
