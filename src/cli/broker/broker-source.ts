import { CliFault } from '../cli-fault.ts'
import { CachedSessions } from '../cached-sessions.ts'
import type { CachePlace } from '../cache/cache-place.ts'
import type { CredentialSource } from '../credential-source.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { HeldSession } from '../held-session.ts'
import type { Surroundings } from '../surroundings.ts'
import { checkRegion } from '../../credentials/region.ts'
import { parseRoleArn } from '../../entitlements/arn.ts'
import type { BrokerApi } from './broker-api.ts'
import { brokerPlace, roleWish, type RoleWish } from './broker-place.ts'
import { type BrokerSettings, brokerSettings } from './broker-settings.ts'
import { connectBroker } from './connect-broker.ts'
import { findRole, isRoleArn } from './find-role.ts'
import { checkStsEndpoint } from './sts-endpoint.ts'

/** The source that the flags of credential-process, update and serve name. CliFault where they name no role. */
export function openBrokerSource(flags: Flags, surroundings: Surroundings): BrokerSource {
  const wish = roleWish(flags.text('role'), flags)
  const isCached = !flags.isOn('no-cache')
  return new BrokerSource(brokerSettings(flags, surroundings), wish, surroundings, { isCached })
}

/** Credentials of a role that a broker gives, from the cache while they are fresh. */
export class BrokerSource implements CredentialSource {
  readonly #settings: BrokerSettings
  readonly #wish: RoleWish
  readonly #surroundings: Surroundings
  readonly #isCached: boolean
  readonly #sessions: CachedSessions
  #api: Promise<BrokerApi> | undefined
  #arn: string | undefined

  constructor(
    settings: BrokerSettings,
    wish: RoleWish,
    surroundings: Surroundings,
    { isCached = true } = {},
  ) {
    if (wish.role === '') throw new CliFault('Name the role: --role ROLE.')
    this.#settings = settings
    this.#wish = wish
    this.#surroundings = surroundings
    this.#isCached = isCached
    this.#sessions = new CachedSessions(() => this.#obtain(), surroundings)
  }

  /** Fresh credentials. Throws ApiFault, SignInNeeded, CliFault or AwsUnavailable. */
  current(held?: HeldSession): Promise<HeldSession> {
    return this.#sessions.current(this.#place(), held)
  }

  async roleName(): Promise<string> {
    return parseRoleArn(await this.roleArn())?.name ?? ''
  }

  /** The role that is meant; asked once, unless it was named by its ARN. */
  async roleArn(): Promise<string> {
    const { role } = this.#wish
    this.#arn ??= isRoleArn(role) ? role : findRole(role, await (await this.#broker()).roles()).arn
    return this.#arn
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async #obtain(): Promise<HeldSession> {
    const { now } = this.#surroundings.effects
    const { seconds, region } = this.#wish
    const order = {
      role: await this.roleArn(),
      ...(seconds !== undefined && { duration: seconds }),
      ...(region !== undefined && { region }),
    }
    const answer = await (await this.#broker()).roleSession(order, now())
    const { credentials } = answer
    return {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
      // Whole seconds: botocore and the SDKs all read that.
      expiration: credentials.expiration.replace(/\.\d+Z$/, 'Z'),
      obtained: now().getTime(),
      certificateEnds: 0,
      ...(answer.region !== undefined && { region: checkRegion(answer.region) }),
      ...(answer.endpoints && {
        stsEndpoint: checkStsEndpoint(answer.endpoints.sts, this.#settings.origin),
      }),
    }
  }

  #broker(): Promise<BrokerApi> {
    this.#api ??= connectBroker(this.#settings, this.#surroundings)
    return this.#api
  }

  #place(): CachePlace | undefined {
    if (!this.#isCached) return undefined
    return brokerPlace(this.#settings, this.#wish, this.#surroundings)
  }
}
