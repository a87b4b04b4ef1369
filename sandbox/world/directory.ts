import { parseIdentityPolicy, parseTrustPolicy, type Policy } from '../iam/policy.ts'
import { RolesAnywhere } from './roles-anywhere.ts'
import { SamlProviders } from './saml-providers.ts'
import type { AccessKey, Account, IamUser, PolicyJson, Role, World } from './world.ts'

export interface UserEntry {
  readonly account: Account
  readonly arn: string
  readonly userId: string
  readonly name: string
  readonly isRoot: boolean
  readonly policies: readonly Policy[]
}

export interface RoleEntry {
  readonly account: Account
  readonly arn: string
  readonly name: string
  readonly roleId: string
  readonly maxSessionDuration: number
  readonly trust: Policy
  readonly policies: readonly Policy[]
  readonly tags: Readonly<Record<string, string>>
}

/** The world, indexed. The constructor throws an Error that names the first entry that IAM wouldn't have accepted. */
export class Directory {
  readonly partition: string
  readonly samlProviders = new SamlProviders()
  readonly rolesAnywhere = new RolesAnywhere()
  readonly #users = new Map<string, UserEntry>()
  readonly #roles = new Map<string, RoleEntry>()
  readonly #keys = new Map<string, { key: AccessKey; user: UserEntry }>()

  constructor(world: World) {
    this.partition = world.partition ?? 'aws'
    for (const account of world.accounts) {
      if (!/^\d{12}$/.test(account.id)) throw new Error(`account ${account.id} needs 12 digits`)
      for (const user of account.users ?? []) this.#addUser(account, user)
      for (const role of account.roles ?? []) this.#addRole(account, role)
      for (const provider of account.samlProviders ?? []) {
        this.samlProviders.add(this.partition, account, provider)
      }
      for (const anchor of account.trustAnchors ?? []) {
        this.rolesAnywhere.addTrustAnchor(this.partition, account, anchor)
      }
      for (const profile of account.profiles ?? []) {
        this.rolesAnywhere.addProfile(this.partition, account, profile)
      }
      this.#addKeys(account.rootAccessKeys ?? [], this.#root(account))
    }
  }

  role(arn: string): RoleEntry | undefined {
    return this.#roles.get(arn)
  }

  user(arn: string): UserEntry | undefined {
    return this.#users.get(arn)
  }

  /** A long-term access key that is active, with whose it is. */
  longTermKey(accessKeyId: string): { key: AccessKey; user: UserEntry } | undefined {
    const found = this.#keys.get(accessKeyId)
    return found?.key.active === false ? undefined : found
  }

  #addUser(account: Account, user: IamUser): void {
    const arn = `arn:${this.partition}:iam::${account.id}:user${user.path ?? '/'}${user.name}`
    const policies = user.policies.map((json) => identityPolicy(json, arn))
    const { userId, name } = user
    const entry = { account, arn, userId, name, isRoot: false, policies }
    this.#users.set(arn, entry)
    this.#addKeys(user.accessKeys, entry)
  }

  #addKeys(keys: readonly AccessKey[], user: UserEntry): void {
    for (const key of keys) this.#keys.set(key.accessKeyId, { key, user })
  }

  #addRole(account: Account, role: Role): void {
    const arn = `arn:${this.partition}:iam::${account.id}:role${role.path ?? '/'}${role.name}`
    const trust = parseTrustPolicy(role.trustPolicy)
    if (trust === undefined) throw new Error(`${arn}: IAM would refuse this trust policy`)
    if (role.maxSessionDuration < 3600 || role.maxSessionDuration > 43_200) {
      throw new Error(`${arn}: MaxSessionDuration lies between 3600 and 43200 seconds`)
    }
    const policies = (role.policies ?? []).map((json) => identityPolicy(json, arn))
    const { name, roleId, maxSessionDuration, tags = {} } = role
    this.#roles.set(arn, { account, arn, name, roleId, maxSessionDuration, trust, policies, tags })
  }

  #root(account: Account): UserEntry {
    const arn = `arn:${this.partition}:iam::${account.id}:root`
    const root = { account, arn, userId: account.id, name: 'root', isRoot: true, policies: [] }
    this.#users.set(arn, root)
    return root
  }
}

function identityPolicy(json: PolicyJson, arn: string): Policy {
  const policy = parseIdentityPolicy(json)
  if (policy === undefined) throw new Error(`${arn}: IAM would refuse this policy`)
  return policy
}
