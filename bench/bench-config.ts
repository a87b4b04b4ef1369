import { hash } from '@node-rs/argon2'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const password = 'correct horse battery staple'
export const role = 'arn:aws:iam::111111111111:role/Role1'

/** Writes a configuration with forty roles in four accounts and users `user0` to `user7`, and returns its path. */
export async function writeBenchConfig(
  folder: string,
  broker: number,
  aws: string,
  otherMethods: readonly object[] = [],
  // Each operation shall be a call of its own, and none shall wait.
  issuers: Readonly<Record<string, object>> = {
    hub: { type: 'assume-role', chained: 'no', reuse: 0, limit: { perSecond: 5000 } },
  },
): Promise<string> {
  const passwordHash = await hash(password)
  const accounts = ['111111111111', '222222222222', '333333333333', '444444444444']
  const arns = accounts.flatMap((account) =>
    Array.from({ length: 10 }, (_, index) => `arn:aws:iam::${account}:role/Role${index + 1}`),
  )
  const plenty = { tries: 10_000 }
  const config = {
    publicUrl: `http://localhost:${broker}`,
    listen: { host: 'localhost', port: broker },
    organisation: 'Corp Example',
    signIn: [
      {
        id: 'local',
        type: 'local',
        people: 'staff',
        users: Array.from({ length: 8 }, (_, index) => ({
          name: `user${index}`,
          groups: ['readers'],
          passwordHash,
        })),
      },
      ...otherMethods,
    ],
    issuers,
    accounts: Object.fromEntries(accounts.map((id) => [id, { name: `Account ${id.slice(0, 1)}` }])),
    roles: arns.map((arn) => ({ arn, issuer: 'hub', description: 'Look at everything' })),
    grants: [{ people: 'staff', group: 'readers', roles: arns }],
    limits: { signIn: { perUser: plenty, perAddress: plenty } },
    aws: {
      region: 'eu-west-1',
      endpoints: { sts: aws, rolesAnywhere: aws, federation: `${aws}/federation` },
    },
    audit: { key: '${file:audit.key}' },
    state: 'sqlite:./postern.db',
  }
  writeFileSync(join(folder, 'audit.key'), 'k'.repeat(64))
  const path = join(folder, 'postern.yaml')
  // JSON is YAML.
  writeFileSync(path, JSON.stringify(config))
  return path
}
