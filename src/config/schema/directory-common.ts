import { z } from 'zod'
import { authorities } from './certificate.ts'
import { duration } from './duration.ts'
import { common } from './method-common.ts'
import { flag, secret, text } from './scalars.ts'

/** The distinguished name of an entry, by its look: the directory itself knows the rest. */
export const distinguishedName = text({
  max: 1024,
  pattern: /^[a-z\d][a-z\d.-]*=./i,
  expected: 'a distinguished name, such as DC=corp,DC=example',
})

/** What every directory has. */
export const directoryCommon = {
  ...common,
  urls: z
    .array(text({ max: 300 }))
    .min(1, 'the address of at least one server')
    .max(16)
    .meta({
      description:
        'Servers by name, asked in this order: ldaps://host:port, or ldap:// with startTls. A silent one is asked last for a minute.',
      examples: [['ldaps://dc1.corp.example', 'ldaps://dc2.corp.example']],
    }),
  startTls: flag()
    .default(false)
    .describe('Whether TLS starts on the plain port, before anything else is said.'),
  ca: authorities()
    .optional()
    .meta({
      description:
        'Authorities in PEM that may vouch for the servers; only these then. The usual ones unless set; network.ca does not count here.',
      examples: ['${file:corp-ca.pem}'],
    }),
  baseDn: distinguishedName.meta({
    description: 'Where people are: this entry and everything below it.',
    examples: ['DC=corp,DC=example'],
  }),
  attributes: z
    .array(
      text({ max: 128, pattern: /^[a-z][a-z\d-]*$/i, expected: 'the name of an LDAP attribute' }),
    )
    .max(50)
    .default([])
    .meta({
      description:
        'In directories, the list of those that fill ${attribute.NAME} in templates; none that people can change themselves.',
      examples: [['department']],
    }),
  recheck: duration(60, 86_400)
    .default(900)
    .meta({
      description:
        'In directories, how long a sign-in counts before the account is looked up again at the next role session; without a service account people then sign in again.',
      examples: ['15m'],
    }),
  timeouts: z
    .strictObject({
      connect: duration(1, 60).default(3).describe('For the connection to one server to stand.'),
      answer: duration(1, 60).default(5).describe('For one server to answer one request.'),
    })
    .prefault({})
    .describe('How long Postern waits for a server before it asks the next.'),
}

/** The account that looks people up. */
export function serviceAccount(name: typeof distinguishedName, what: string) {
  return {
    name: name.describe(what),
    password: secret().meta({
      description: 'Its password.',
      examples: ['${file:directory-password}'],
    }),
  }
}
