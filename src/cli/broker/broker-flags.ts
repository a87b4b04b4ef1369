import type { Exclusion, Flag } from '../flags/flag.ts'

const file = { kind: 'text', value: 'PATH', offers: 'files' } as const

const brokerFlag: Flag = {
  name: 'broker',
  kind: 'text',
  value: 'URL',
  what: 'Postern to ask; default POSTERN_BROKER, else that of the last login',
}
const caFlag: Flag = {
  name: 'ca',
  ...file,
  what: 'PEM file of the authorities that vouch for it; default that of the login, else AWS_CA_BUNDLE',
}
const kerberosFlag: Flag = {
  name: 'kerberos',
  kind: 'switch',
  what: 'Prove with a Kerberos ticket who you are, at each request',
}

/** Which Postern, and how to prove who one is: every command that asks it has these. */
export const brokerFlags: readonly Flag[] = [
  brokerFlag,
  caFlag,
  kerberosFlag,
  {
    name: 'certificate',
    ...file,
    what: 'Prove with this certificate who you are, at each request (PEM, DER or PKCS#12)',
  },
  { name: 'private-key', ...file, what: 'Its key; default beside the certificate' },
  {
    name: 'pkcs8-password',
    kind: 'text',
    value: 'PASSWORD',
    what: 'Password of the key or the PKCS#12 file; default asked for at the terminal',
  },
]

export const brokerExclusions: readonly Exclusion[] = [
  ['kerberos', 'certificate'],
  ['kerberos', 'private-key'],
]

/** What makes credential-process, update and serve ask a broker; certificate and key they have already. */
export const brokerRoleFlags: readonly Flag[] = [
  brokerFlag,
  {
    name: 'role',
    kind: 'text',
    value: 'ROLE',
    offers: 'roles',
    what: 'Role to ask a Postern for instead: ARN, account/role, or a part that only one role has',
  },
  caFlag,
  kerberosFlag,
]

export const brokerRoleExclusions: readonly Exclusion[] = [
  ['role', 'role-arn'],
  ['role', 'profile-arn'],
  ['role', 'trust-anchor-arn'],
  ['kerberos', 'certificate'],
]
