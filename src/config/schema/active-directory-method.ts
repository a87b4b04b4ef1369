import { z } from 'zod'
import { directoryCommon, distinguishedName, serviceAccount } from './directory-common.ts'
import { choice, text } from './scalars.ts'

const as = 'Who looks people up: the account that is named here, or whoever signs in.'

const bind = z.discriminatedUnion('as', [
  z.strictObject({
    as: z.literal('service-account').describe(as),
    ...serviceAccount(
      text({ max: 1024 }),
      'User principal name or DN of an account that may read people and groups.',
    ),
  }),
  z.strictObject({ as: z.literal('user').describe(as) }),
])

const groups = z
  .strictObject({
    as: choice(['dn', 'sid'])
      .default('dn')
      .describe('How grants name groups: by distinguished name, or by SID, which outlives a move.'),
    baseDn: distinguishedName
      .optional()
      .describe('With dn: where groups count; the whole domain unless set.'),
  })
  .refine(({ as, baseDn }) => as === 'dn' || baseDn === undefined, {
    path: ['baseDn'],
    error: 'nothing, because groups are named by SID wherever they are',
  })

export const activeDirectoryMethod = z.strictObject({
  type: z.literal('active-directory'),
  ...directoryCommon,
  bind: bind.meta({
    description: 'In Active Directory, who looks people up.',
    examples: [
      {
        as: 'service-account',
        name: 'svc-postern@corp.example',
        password: '${file:directory-password}',
      },
    ],
  }),
  realm: text({
    max: 255,
    pattern: /^[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/i,
    expected: 'the DNS name of a domain, such as corp.example',
  }).meta({ description: 'DNS name of the domain.', examples: ['corp.example'] }),
  netbiosDomain: text({
    max: 15,
    pattern: /^[^\s\\/:*?"<>|.@]+$/,
    expected: 'the short name of a domain, such as CORP',
  })
    .optional()
    .meta({
      description: 'What people may type before a backslash, beside the realm.',
      examples: ['CORP'],
    }),
  groups: groups
    .prefault({})
    .describe('In Active Directory, how groups are named; nested ones and the primary one count.'),
})
