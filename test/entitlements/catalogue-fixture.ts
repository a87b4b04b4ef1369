import { parseRoleArn, type RoleArn } from '../../src/entitlements/arn.ts'
import type {
  Account,
  Catalogue,
  Grant,
  Role,
  SessionSettings,
} from '../../src/entitlements/catalogue.ts'
import type { Identity } from '../../src/identity/identity.ts'

export const production: Account = { id: '111111111111', name: 'Production', tone: 'danger' }
export const development: Account = { id: '222222222222', name: 'Development', tone: 'calm' }

function arnOf(text: string): RoleArn {
  const arn = parseRoleArn(text)
  if (!arn) throw new Error(`not a role ARN: ${text}`)
  return arn
}

export const plainSession: SessionSettings = {
  sessionName: '${name}',
  sourceIdentity: undefined,
  tags: {},
  transitiveTagKeys: [],
  policy: undefined,
  policyArns: [],
  externalId: undefined,
}

export const template: Omit<Role, 'arn' | 'account'> = {
  description: undefined,
  issuer: 'hub',
  durations: {
    credentials: { default: 3600, max: 14_400 },
    console: { default: 43_200, max: 43_200 },
  },
  session: plainSession,
  startPage: undefined,
  region: undefined,
  portalLink: 'ask',
}

export function roleOf(account: Account, name: string): Role {
  return { ...template, arn: arnOf(`arn:aws:iam::${account.id}:role/${name}`), account }
}

export function catalogueOf(roles: readonly Role[], grants: readonly Grant[]): Catalogue {
  return {
    accounts: new Map([production, development].map((account) => [account.id, account])),
    roles: new Map(roles.map((role) => [role.arn.arn, role])),
    grants,
    severalPeoples: false,
  }
}

export function grantOf(part: Partial<Grant> & Pick<Grant, 'grantee'>): Grant {
  return { path: 'grants[0]', people: 'staff', roles: [], template: undefined, ...part }
}

export function identityOf(part: Partial<Identity> = {}): Identity {
  return {
    person: { people: 'staff', id: 'bob' },
    name: 'bob',
    displayName: undefined,
    email: undefined,
    method: 'local',
    methodLabel: 'Local account',
    groups: [],
    attributes: {},
    authenticatedAt: 0,
    breakGlass: false,
    ...part,
  }
}
