import { z } from 'zod'
import { certificateListen, certificateProxy } from './certificate-entry.ts'
import { certificateAuthorities } from './certificate-identity.ts'
import { certificateRevocation } from './certificate-revocation.ts'
import { identifier } from './identifier.ts'
import { common } from './method-common.ts'
import { flag } from './scalars.ts'

export const certificateMethod = z
  .strictObject({
    type: z.literal('client-certificate'),
    ...common,
    authorities: certificateAuthorities,
    revocation: certificateRevocation.meta({
      description:
        'How Postern finds out that a certificate was revoked. Addresses in certificates do not count.',
      examples: [{ lists: [{ file: 'corp-ca.crl' }] }],
    }),
    directory: identifier.optional().meta({
      description:
        'Sign-in method of a directory in which the holder must be exactly one usable account; its groups count then.',
      examples: ['ad'],
    }),
    machines: flag()
      .default(false)
      .describe('With a directory: whether computers and service accounts may sign in too.'),
    listen: certificateListen.optional(),
    proxy: certificateProxy.optional(),
  })
  .refine(({ listen, proxy }) => (listen === undefined) !== (proxy === undefined), {
    error:
      'listen, where Postern asks for certificates itself, or proxy, where one hands them on; not both',
  })
