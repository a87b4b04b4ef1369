import { z } from 'zod'
import { identifier } from './identifier.ts'
import { common } from './method-common.ts'
import { flag, text } from './scalars.ts'

const label = '[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?'
const hostName = `${label}(?:\\.${label})*`

export const kerberosMethod = z.strictObject({
  type: z.literal('kerberos'),
  ...common,
  directory: identifier.meta({
    description:
      'With Kerberos, the method of type active-directory that knows whom a ticket names; it has a service account and the same people.',
    examples: ['corp'],
  }),
  service: text({
    max: 300,
    pattern: new RegExp(`^HTTP/${hostName}$`),
    expected: 'HTTP/ and a host name in lower case, such as HTTP/aws.corp.example',
  })
    .optional()
    .meta({
      description:
        'Service principal name that tickets are for, without a realm; HTTP/ and the host of publicUrl unless set.',
      examples: ['HTTP/aws.corp.example'],
    }),
  realm: text({
    max: 255,
    pattern: /^[A-Z\d_-]{1,63}(?:\.[A-Z\d_-]{1,63})*$/,
    expected: 'the name of a Kerberos realm in capitals, such as CORP.EXAMPLE',
  })
    .optional()
    .meta({
      description:
        'With Kerberos, the one realm whose people are taken, in capitals; the domain of the directory unless set.',
      examples: ['CORP.EXAMPLE'],
    }),
  keytab: text({ max: 1024 })
    .optional()
    .meta({
      description:
        'Path of the keytab with the key of the service; what KRB5_KTNAME names unless set. It belongs to Postern alone.',
      examples: ['/etc/postern/http.keytab'],
    }),
  automatic: flag()
    .default(false)
    .describe(
      'Whether the sign-in page tries a ticket by itself. Browsers on Windows that were not told to trust Postern ask for a password then.',
    ),
  machines: flag()
    .default(false)
    .describe('With Kerberos, whether computers and service accounts may use the API.'),
})
