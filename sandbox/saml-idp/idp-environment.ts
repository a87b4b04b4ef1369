import type { Seal } from '../sessions/seal.ts'
import type { IdpUser } from './demo-users.ts'
import type { ServiceProviders } from './service-providers.ts'
import type { SigningKey } from './signing-key.ts'

/** What every page of the identity provider works with. */
export interface IdpEnvironment {
  readonly now: () => Date
  /** `http://localhost:3002` */
  readonly origin: string
  readonly key: SigningKey
  readonly seal: Seal
  readonly users: readonly IdpUser[]
  readonly serviceProviders: ServiceProviders
  /** What of a response is signed. */
  readonly signs: 'assertion' | 'response' | 'both'
}

/** The identity provider's name, which is where its metadata is. */
export function entityIdOf({ origin }: Pick<IdpEnvironment, 'origin'>): string {
  return `${origin}/metadata`
}

/** A request that isn't what it should be. The message is for whoever sets up a service provider. */
export class IdpRefusal extends Error {}
