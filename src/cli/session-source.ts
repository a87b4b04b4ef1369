import { CliFault } from './cli-fault.ts'
import { AwsUnavailable } from '../errors.ts'
import { validityAt } from '../keys/certificate.ts'
import type { Signer } from '../keys/signer.ts'
import { createSession, regionOf } from '../rolesanywhere/create-session.ts'
import { resolveEndpoint } from '../rolesanywhere/endpoint.ts'
import type { RolesAnywhereSession } from '../rolesanywhere/session-answer.ts'
import type { CachePlace } from './cache/cache-place.ts'
import { KernelLock } from './cache/kernel-lock.ts'
import { lockOr } from './cache/with-lock.ts'
import { type HeldSession, isFresh, lifeLeft } from './held-session.ts'
import { openSigningKey } from './keys/open-signing-key.ts'
import type { SigningKey } from './keys/signing-key.ts'
import { mayPass } from './may-pass.ts'
import { agentsFor } from './route.ts'
import type { KeySettings } from './settings/key-settings.ts'
import type { SessionSettings } from './settings/session-settings.ts'
import type { Surroundings } from './surroundings.ts'
import { version } from './version.ts'

const longestWait = 30_000
// Credentials that end sooner help nobody when AWS does not answer.
const leastLife = 60_000

/** Where the commands get credentials from: the cache while they are fresh, else AWS, asked once by all processes. */
export class SessionSource {
  readonly #settings: SessionSettings
  readonly #surroundings: Surroundings
  readonly #key: SigningKey
  readonly #debug: (text: string) => void

  constructor(
    settings: SessionSettings,
    keys: KeySettings,
    surroundings: Surroundings,
    debug: (text: string) => void = () => undefined,
  ) {
    this.#settings = settings
    this.#surroundings = surroundings
    this.#key = openSigningKey(keys, surroundings)
    this.#debug = debug
  }

  /**
   * Fresh credentials; where AWS does not answer, those at hand while they last. `held` are those that the caller has.
   * Throws InvalidRequest, KeyFault, CliFault, RolesAnywhereFault or AwsUnavailable.
   */
  async current(place: CachePlace | undefined, held?: HeldSession): Promise<HeldSession> {
    const { now } = this.#surroundings.effects
    if (held && isFresh(held, now())) return held
    const fresh = (): HeldSession | undefined => {
      const found = place?.cache.get(place.key)
      return found && isFresh(found, now()) ? found : undefined
    }
    const won = place && (await this.#single(place, fresh))
    if (won && !(won instanceof KernelLock)) return won
    try {
      return await this.#renewed(place, fresh, held)
    } finally {
      won?.[Symbol.dispose]()
    }
  }

  async #renewed(
    place: CachePlace | undefined,
    fresh: () => HeldSession | undefined,
    held: HeldSession | undefined,
  ): Promise<HeldSession> {
    // Somebody may have been quicker between the last look and the lock.
    const found = fresh()
    if (found) return found
    try {
      const session = await this.obtain()
      place?.cache.put(place.key, session)
      return session
    } catch (error) {
      const { now } = this.#surroundings.effects
      const former = [held, place?.cache.get(place.key)].find(
        (one) => one && lifeLeft(one, now()) > leastLife,
      )
      if (!former || !mayPass(error)) throw error
      const why = error instanceof Error ? error.message : String(error)
      this.#surroundings.stderr(`The former credentials go on until ${former.expiration}: ${why}\n`)
      return former
    }
  }

  /** New credentials, whatever the cache has. */
  async obtain(): Promise<HeldSession> {
    const { effects, env, platform } = this.#surroundings
    const { request, endpoint, route, maxAttempts } = this.#settings
    const { url } = resolveEndpoint({ ...endpoint, region: regionOf(request, endpoint.region) })
    let signer: Signer | undefined
    const signerNow = async (): Promise<Signer> => {
      signer = await this.#key.current()
      this.#describe(signer)
      return signer
    }
    const ask = async (system: boolean): Promise<RolesAnywhereSession> =>
      createSession(request, signerNow, {
        ...endpoint,
        effects,
        agents: await agentsFor(url, route, { env }, { system }),
        maxAttempts,
        userAgent: `Postern/${version} (Node ${process.versions.node}; ${platform}; ${process.arch})`,
      })
    this.#debug(`CreateSession at ${url.host}: ${JSON.stringify(request)}`)
    const session = await ask(false).catch((error: unknown) => {
      // Reading the system's certificates takes as long as all the rest, and mostly Node's own do.
      if (route.caBundle !== undefined || !isUntrusted(error)) throw error
      return ask(true)
    })
    const { credentials, expirationText, requestId, subjectArn, clockSkewSeconds } = session
    this.#debug(
      `request ID ${requestId ?? 'none'}, subject ${subjectArn ?? 'none'}, ` +
        `AWS's clock is ${clockSkewSeconds ?? 0} s ahead, credentials end ${expirationText}`,
    )
    return {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
      expiration: expirationText,
      obtained: effects.now().getTime(),
      certificateEnds: signer?.certificate?.validToDate.getTime() ?? 0,
    }
  }

  close(): Promise<void> {
    return this.#key.close()
  }

  async #single(
    { cache, key }: CachePlace,
    fresh: () => HeldSession | undefined,
  ): Promise<KernelLock | HeldSession | undefined> {
    try {
      return await lockOr(cache.lockFile(key), this.#surroundings, longestWait, fresh)
    } catch (cause) {
      throw new CliFault(`The lock ${cache.lockFile(key)} can't be taken. Try --no-cache.`, {
        cause,
      })
    }
  }

  #describe({ certificate, chain, algorithm }: Signer): void {
    if (!certificate) return
    const { serialNumber, validFrom, validTo } = certificate
    const validity = validityAt(certificate, this.#surroundings.effects.now())
    this.#debug(
      `signing with ${algorithm}, certificate ${serialNumber}, ${validFrom} to ${validTo} (${validity}), ` +
        `${chain.length} above it`,
    )
  }
}

function isUntrusted(error: unknown): boolean {
  const cause = error instanceof AwsUnavailable ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code)
}
