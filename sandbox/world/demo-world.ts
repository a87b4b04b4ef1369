import type { PolicyJson, Role, World } from './world.ts'

/** Keys of the demo's base user, public on purpose: they open nothing but a sandbox. */
export const DEMO_BASE_ACCESS_KEY = {
  accessKeyId: 'AKIAPOSTERNDEMO00001',
  secretAccessKey: 'demo+only/not+a+secret/postern+sandbox01',
} as const

const BASE_USER = 'arn:aws:iam::111111111111:user/postern-broker'

const TRUSTS_BASE_USER: PolicyJson = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: BASE_USER },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    },
  ],
}

const MAY_ASSUME: PolicyJson = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Resource: ['arn:aws:iam::111111111111:role/*', 'arn:aws:iam::222222222222:role/*'],
    },
    {
      Effect: 'Allow',
      Action: ['sts:GetFederationToken', 'sts:TagSession'],
      Resource: 'arn:aws:sts::111111111111:federated-user/*',
    },
  ],
}

function role(name: string, roleId: string, hours: number): Role {
  return { name, roleId, maxSessionDuration: hours * 3600, trustPolicy: TRUSTS_BASE_USER }
}

/** Two accounts, three roles, and the user whose keys the demo's broker holds. */
export const demoWorld: World = {
  accounts: [
    {
      id: '111111111111',
      users: [
        {
          name: 'postern-broker',
          userId: 'AIDAPOSTERNDEMO000001',
          accessKeys: [DEMO_BASE_ACCESS_KEY],
          policies: [MAY_ASSUME],
        },
      ],
      roles: [
        role('ReadOnly', 'AROAPOSTERNDEMO000001', 12),
        role('Admin', 'AROAPOSTERNDEMO000002', 1),
      ],
    },
    { id: '222222222222', roles: [role('ReadOnly', 'AROAPOSTERNDEMO000003', 4)] },
  ],
}
