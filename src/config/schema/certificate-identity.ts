import { z } from 'zod'
import { text } from './scalars.ts'

const domain = text({
  max: 255,
  pattern: /^[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/i,
  expected: 'a domain, such as corp.example',
})

const domains = z
  .array(domain)
  .max(100)
  .default([])
  .meta({
    description: 'Domains that the authority may speak for; any where the list is empty.',
    examples: [['corp.example']],
  })

/** Where in a certificate the name of its holder is. */
const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('upn'), domains }),
  z.strictObject({ type: z.literal('email'), domains }),
  z.strictObject({
    type: z.literal('spiffe'),
    trustDomain: domain.meta({
      description: 'The one trust domain of SPIFFE IDs.',
      examples: ['corp.example'],
    }),
  }),
  z.strictObject({ type: z.literal('issuer-and-serial') }),
  z.strictObject({ type: z.literal('sid') }),
  z.strictObject({ type: z.literal('fingerprint') }),
  z.strictObject({ type: z.literal('common-name') }),
])

export const certificatePath = text({ max: 1024 })

/** Paths of PEM or DER files. They start at the configuration file. */
export const certificatePaths = z.array(certificatePath).min(1, 'at least one file').max(64)

const authority = z.strictObject({
  name: text({
    max: 32,
    pattern: /^[a-z0-9][a-z0-9-]{0,31}$/,
    expected: '1 to 32 lower-case letters, digits and hyphens',
  }).meta({
    description:
      'Part of the immutable IDs where there is no directory: keep it when the authority is renewed.',
    examples: ['corp-ca'],
  }),
  files: certificatePaths.meta({
    description:
      'Files with its certificates (PEM or DER), issuing ones too; read again when they change.',
    examples: [['corp-ca.pem']],
  }),
  sources: z
    .array(source)
    .min(1, 'at least one source')
    .max(16)
    .meta({
      description:
        'Where the name of a holder is: the first of these that a certificate has anything of decides, and what it has must be exactly one name.',
      examples: [[{ type: 'upn', domains: ['corp.example'] }]],
    }),
  groups: z
    .array(text({ max: 1024 }))
    .max(100)
    .default([])
    .describe('Groups of everybody whom it certifies, where no directory says.'),
})

export const certificateAuthorities = z
  .array(authority)
  .min(1, 'at least one authority')
  .max(32)
  .describe('Authorities that client certificates may come from.')
