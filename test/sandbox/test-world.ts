import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import type { PolicyJson, Role, World } from '../../sandbox/world/world.ts'

export const BASE_USER = 'arn:aws:iam::111111111111:user/postern-broker'
export const ROOT_KEY = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'r'.repeat(40) }
export const INACTIVE_KEY = { accessKeyId: 'AKIAINACTIVEINACTIVE', secretAccessKey: 'i'.repeat(40) }
const ALL = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']

export function policy(...statements: readonly PolicyJson[]): PolicyJson {
  return { Version: '2012-10-17', Statement: statements }
}

/** A statement that lets somebody assume, tag and name. */
export function trusts(aws: string | readonly string[], more: PolicyJson = {}): PolicyJson {
  return { Effect: 'Allow', Principal: { AWS: aws }, Action: ALL, ...more }
}

let count = 0

export function role(name: string, trustPolicy: PolicyJson, more: Partial<Role> = {}): Role {
  count += 1
  const roleId = `AROA${String(count).padStart(17, '0')}`
  return { name, roleId, maxSessionDuration: 43_200, trustPolicy, ...more }
}

/** Roles in 111111111111, where the base user and its identity policies are, and in 222222222222. */
export function worldWith(
  roles: readonly Role[],
  elsewhere: readonly Role[] = [],
  policies: readonly PolicyJson[] = [
    policy({ Effect: 'Allow', Action: 'sts:*', Resource: 'arn:aws:iam::*:role/*' }),
  ],
): World {
  return {
    accounts: [
      {
        id: '111111111111',
        users: [
          {
            name: 'postern-broker',
            userId: 'AIDATEST0000000000001',
            accessKeys: [DEMO_BASE_ACCESS_KEY, { ...INACTIVE_KEY, active: false }],
            policies,
          },
        ],
        roles,
        rootAccessKeys: [ROOT_KEY],
      },
      { id: '222222222222', roles: elsewhere, disabledRegions: ['ap-east-1'] },
    ],
  }
}

export function arn(name: string, account = '111111111111'): string {
  return `arn:aws:iam::${account}:role/${name}`
}
