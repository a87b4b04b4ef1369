import { z } from 'zod'
import { activeDirectoryMethod } from './active-directory-method.ts'
import { certificateMethod } from './certificate-method.ts'
import { kerberosMethod } from './kerberos-method.ts'
import { ldapMethod } from './ldap-method.ts'
import { localMethod } from './local-method.ts'
import { samlMethod } from './saml-method.ts'

const signInMethod = z.discriminatedUnion('type', [
  localMethod,
  samlMethod,
  activeDirectoryMethod,
  ldapMethod,
  kerberosMethod,
  certificateMethod,
])

/** The hash is of a password that nobody kept. */
const exampleMethod = [
  {
    id: 'local',
    type: 'local',
    people: 'staff',
    users: [
      {
        name: 'bob',
        passwordHash:
          '$argon2id$v=19$m=19456,t=2,p=1$W/6RR6neLx1pRIs/uM+P/g$rrKc2Br3kd8t7IHu9aDHWC1vfPkv8ChU5yGompqkytM',
        displayName: 'Bob Baker',
        groups: ['readers'],
        attributes: { team: 'red' },
      },
    ],
  },
]

export const signIn = z
  .array(signInMethod)
  .min(1, 'at least one sign-in method')
  .max(32)
  .meta({ description: 'Ways to sign in, offered in this order.', examples: [exampleMethod] })
